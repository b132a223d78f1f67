"""The application as it runs, with one more address."""

from django.conf import settings

settings.ROOT_URLCONF = "bench.urls"

from aset_safeguarding.wsgi import application  # noqa: E402

__all__ = ["application"]
