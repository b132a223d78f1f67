"""Addresses of the inbox."""

from django.urls import path

from deadlines import views

app_name = "deadlines"

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.mark_all_read, name="mark_all_read"),
    path("inbox/<uuid:reference>/open/", views.open_notice, name="open_notice"),
    path("inbox/<uuid:reference>/read/", views.mark_one_read, name="mark_read"),
]
