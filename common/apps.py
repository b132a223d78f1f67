"""The common app: it has no models and is listed only for its template tags."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
