"""The life of a job."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from common.workflow import Workflow


class State(TextChoices):
    """Where a job stands; the database checks what must be filled in each."""

    QUEUED = "queued", pgettext_lazy("job", "Waiting")
    RUNNING = "running", pgettext_lazy("job", "In progress")
    DONE = "done", pgettext_lazy("job", "Ready")
    FAILED = "failed", pgettext_lazy("job", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("job", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("job", "Expired")


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
