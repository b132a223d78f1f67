"""What the reporter is told: that someone has read it, that it is finished, and to call 129 themselves if nobody confirms.

All of it hangs on the receipt, not on the report, because a reporter may be barred from the report itself.
"""

from datetime import datetime

from cases import clocks
from cases.models import Receipt, Report
from deadlines import actions as engine
from deadlines.models import Deadline

STEP_OF_DUTY = {"taken_up": 1, "finished": 2, "why_late": 3}


def tell_reporter(report: Report, *, duty: str, now: datetime) -> None:
    """One notice per duty and episode; nothing if the reporter has no account."""
    receipt = Receipt.objects.select_related("reporter").filter(report=report).first()
    if receipt is not None:
        engine.notify(receipt, clocks.UPDATE, users=[receipt.reporter], duty=duty, now=now, step=STEP_OF_DUTY[duty], episode=report.episode)


def call_reporter_if_unconfirmed(report: Report, *, now: datetime) -> None:
    """Start the step that points outward (R-40)."""
    receipt = Receipt.objects.filter(report=report).first()
    if receipt is not None:
        engine.start_clock(receipt, clocks.CALL_YOURSELF, clocks.call_yourself_steps(receipt), now=now, episode=report.episode)


def stop_calling_reporter(report: Report, *, now: datetime) -> None:
    """Somebody has confirmed what they are doing."""
    receipt = Receipt.objects.filter(report=report).first()
    if receipt is not None:
        engine.satisfy(receipt, clocks.CALL_YOURSELF, now=now)


def reporter_must_call(report: Report) -> bool:
    """The outward step has fired and nobody has confirmed since."""
    receipt = Receipt.objects.filter(report=report).first()
    return (
        receipt is not None
        and report.acknowledged_at is None
        and Deadline.objects.filter(row_type="cases.receipt", row_pk=receipt.pk, outward=True, state="fired").exists()
    )
