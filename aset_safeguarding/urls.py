"""All addresses, one include per app."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from aset_safeguarding import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("language/", include("django.conf.urls.i18n")),
    path("account/", include("allauth.urls")),
]
APPS = ("people", "deadlines", "jobs", "cases", "oversight")
urlpatterns += [path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")]
