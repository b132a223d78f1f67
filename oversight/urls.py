"""Addresses of the home page and of the documents people take out."""

from django.urls import include, path

from oversight import views

_exports = [
    path("", views.exports, name="exports"),
    path("reporting-audit/", views.export_reporting_audit, name="export_reporting_audit"),
    path("report/<str:reference>/", views.export_report, name="export_report"),
    path("case/<str:reference>/", views.export_case, name="export_case"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("exports/", include((_exports, "oversight"))),
]
