"""Addresses of the people app; no primary key appears in any of them."""

from django.urls import path, re_path

from people.views import accounts, credentials, posts, register, session

app_name = "people"

_DECISION = r"(?P<reference>[\w-]+)/(?P<decision>approve|decline)/$"

urlpatterns = [
    path("session/ping/", session.ping, name="session_ping"),
    path("session/unlock/", session.unlock_session, name="session_unlock"),
    path("session/keep/", session.keep, name="session_keep"),
    path("session/kept/", session.kept, name="session_kept"),
    path("session/kept/<str:reference>/forget/", session.forget, name="session_forget"),
    path("me/", credentials.profile, name="profile"),
    path("me/change/<str:kind>/", credentials.request_change, name="credential_request"),
    path("people/", register.persons, name="persons"),
    path("people/new/", register.add_person, name="add_person"),
    path("people/accounts/", accounts.accounts, name="accounts"),
    path("people/accounts/<str:reference>/", accounts.account, name="account"),
    path("people/accounts/<str:reference>/role/", accounts.give_role, name="give_role"),
    path("people/accounts/<str:reference>/reset/<str:kind>/", credentials.reset_for, name="reset_for"),
    re_path(r"^people/accounts/(?P<reference>[\w-]+)/(?P<change>wake|sleep)/$", accounts.wake, name="wake_account"),
    re_path(r"^people/roles/" + _DECISION, accounts.decide_role, name="decide_role"),
    path("people/roles/<str:reference>/end/", accounts.end_role, name="end_role"),
    path("people/sign-in/", credentials.changes, name="credential_changes"),
    re_path(r"^people/sign-in/" + _DECISION, credentials.decide_change, name="credential_decide"),
    path("people/posts/", posts.appointments, name="appointments"),
    path("people/posts/propose/", posts.propose_appointment, name="propose_appointment"),
    re_path(r"^people/posts/" + _DECISION, posts.decide_appointment, name="decide_appointment"),
    path("people/posts/<str:reference>/end/", posts.end_appointment, name="end_appointment"),
    path("people/settings/", posts.board_settings, name="board_settings"),
    path("people/settings/<str:key>/propose/", posts.propose_setting, name="propose_setting"),
    re_path(r"^people/settings/" + _DECISION, posts.decide_setting, name="decide_setting"),
    path("people/ties/<str:reference>/", register.change_affiliation, name="change_affiliation"),
    path("people/ties/<str:reference>/end/", register.end_affiliation, name="end_affiliation"),
    path("people/<str:reference>/", register.person, name="person"),
    path("people/<str:reference>/change/", register.change_person, name="change_person"),
    path("people/<str:reference>/ties/new/", register.add_affiliation, name="add_affiliation"),
    path("people/<str:reference>/relations/new/", register.declare_relation, name="declare_relation"),
    path("people/<str:reference>/account/", accounts.open_account, name="open_account"),
]
