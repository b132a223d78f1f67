"""The Celery application: it only wakes what PostgreSQL says is due (docs/architecture.md)."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aset_safeguarding.settings")

app = Celery("aset_safeguarding")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect  # type: ignore[untyped-decorator]
def refuse_unsafe_start(**kwargs: Any) -> None:
    """A worker serves real data as much as a web server does (R-90)."""
    from people.checks import refuse_unsafe_production

    refuse_unsafe_production()


@beat_init.connect  # type: ignore[untyped-decorator]
def forget_old_schedule(sender: Any, **kwargs: Any) -> None:
    """A schedule file from before a clock change keeps beat silent (deadlines.md, fact 3): start without one."""
    schedule = getattr(sender, "schedule_filename", None)
    if schedule:
        for leftover in Path(schedule).parent.glob(Path(schedule).name + "*"):
            leftover.unlink(missing_ok=True)
