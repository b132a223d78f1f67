"""Addresses of reports and cases: filing for everyone, working for those whose job it is."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "cases"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("cases.urls_report")),
    path("", include("cases.urls_work")),
]
