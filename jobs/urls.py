"""Addresses of jobs."""

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<str:reference>/", views.job, name="job"),
    path("jobs/<str:reference>/cancel/", views.cancel, name="cancel"),
    path("jobs/<str:reference>/download/", views.download, name="download"),
]
