"""The Celery application: it only wakes what PostgreSQL says is due (docs/architecture.md)."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aset_safeguarding.settings")

app = Celery("aset_safeguarding")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect  # type: ignore[untyped-decorator]
@worker_init.connect  # type: ignore[untyped-decorator]
def refuse_unsafe_start(**kwargs: Any) -> None:
    """A worker serves real data as much as a web server does (R-90)."""
    from people.checks import refuse_unsafe_production

    refuse_unsafe_production()
