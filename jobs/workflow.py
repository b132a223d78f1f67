"""The life of a job."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from common.workflow import Workflow


class State(TextChoices):
    """Where a job stands; the database checks what must be filled in each."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("In progress")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


# A running job is begun again when its lease has run out: its worker was killed.
JOB_WORKFLOW = Workflow(
    {
        "begin": ({State.QUEUED, State.RUNNING}, State.RUNNING),
        "finish": ({State.RUNNING}, State.DONE),
        "fail": ({State.QUEUED, State.RUNNING}, State.FAILED),
        "cancel": ({State.QUEUED, State.RUNNING}, State.CANCELLED),
        "expire": ({State.DONE}, State.EXPIRED),
    }
)
