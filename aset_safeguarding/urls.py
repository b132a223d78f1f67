"""All addresses, one include per app."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from aset_safeguarding import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("language/", include("django.conf.urls.i18n")),
    path("account/", include("allauth.urls")),
]
for _app in ("people", "deadlines", "jobs", "cases", "oversight"):
    if find_spec(f"{_app}.urls"):
        try:  # TEMPORARY while apps are being written
            urlpatterns.append(path("", include(f"{_app}.urls")))
        except ImportError as _error:
            print("urls skipped", _app, _error)  # noqa: T201
