"""Addresses of the people app."""

from django.urls import path

from people.views import session

app_name = "people"

urlpatterns = [
    path("session/ping/", session.ping, name="session_ping"),
    path("session/unlock/", session.unlock_session, name="session_unlock"),
    path("session/keep/", session.keep, name="session_keep"),
    path("session/kept/", session.kept, name="session_kept"),
    path("session/kept/<str:reference>/forget/", session.forget, name="session_forget"),
]
