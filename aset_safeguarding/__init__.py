"""Settings, addresses and the Celery application; nothing imports this package."""

from aset_safeguarding.celery import app as celery_app

__all__ = ["celery_app"]
