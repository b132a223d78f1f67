"""Addresses of reports and cases: filing for everyone, working for those whose job it is."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

app_name = "cases"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"cases.{part}")) for part in ("urls_report", "urls_work") if find_spec(f"cases.{part}")
]
