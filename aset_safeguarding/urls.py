"""All addresses, one include per app."""

from django.urls import URLPattern, URLResolver, include, path

from aset_safeguarding import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("language/", include("django.conf.urls.i18n")),
    path("account/", include("allauth.urls")),
    path("", include("people.urls")),
    path("", include("deadlines.urls")),
    path("", include("jobs.urls")),
    path("", include("cases.urls")),
    path("", include("oversight.urls")),
]
