"""The 24-hour reporting audit: right figures, no names, and the same document in a world without the hidden report."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Event
from audit.sealing import Head
from cases.actions.response import acknowledge_report
from deadlines.sweeping import sweep
from jobs.models import Job
from jobs.permissions import can_download
from jobs.registry import kind_of
from oversight import exports
from oversight.reporting_audit import figures_for, left_out_of_the_figures
from people.models import User
from tests.factories.cases import a_report
from tests.factories.people import Organisation

FIRST = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


def reports(cast: Organisation, number: int, *, start: int = 0, hours: float = 1.0, **parts: Any) -> list[Any]:
    """Reports on following hours, each that many hours after its reporter became aware."""
    made = []
    for index in range(start, start + number):
        at = FIRST + timedelta(hours=index)
        made.append(a_report(by=cast.volunteer, now=at, aware_from=at - timedelta(hours=hours), **parts))
    return made


def made(user: User, language: str = "en") -> Job:
    return exports.export_reporting_audit(*DECEMBER, purpose="Meeting of the Board", language=language, by=user)


def test_on_time_late_and_cannot_tell_are_counted_by_elapsed_hours(cast: Organisation) -> None:
    reports(cast, 7)
    reports(cast, 6, hours=30, start=10)
    for index in range(5):
        at = FIRST + timedelta(hours=20 + index)
        a_report(by=cast.volunteer, now=at, aware_from=at - timedelta(hours=30), aware_to=at - timedelta(hours=6))

    figures = figures_for(*DECEMBER)

    assert {name: cell.text for name, cell in figures.timeliness.items()} == {
        "on_time": "7",
        "late": "6",
        "cannot_tell": "5",
        "no_clock": "0",
    }
    assert figures.on_time_share == 54


def test_the_period_is_days_of_tirana(cast: Organisation) -> None:
    for at in (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), datetime(2026, 11, 30, 23, 0, tzinfo=UTC)):
        for _each in range(5):
            a_report(by=cast.volunteer, now=at)

    assert figures_for(*DECEMBER).total.text == "5"


def test_hours_to_confirm_are_a_median_and_a_ninetieth_percentile(cast: Organisation) -> None:
    for hours, report in zip((1, 2, 3, 4, 10), reports(cast, 5), strict=True):
        acknowledge_report(report, by=cast.officer, now=report.received_at + timedelta(hours=hours))

    hours = figures_for(*DECEMBER).hours["to_acknowledge"]

    assert (hours.reports.text, hours.median, hours.p90) == ("5", 3.0, 7.6)


def test_steps_of_the_ladder_are_counted_once_a_report(cast: Organisation) -> None:
    reports(cast, 6)

    sweep("escalator", now=FIRST + timedelta(hours=30))

    figures = figures_for(*DECEMBER)
    assert figures.steps["reminder"].text == "6"
    assert figures.steps["to_deputy"].text == "6"
    assert figures.steps["to_board"].text == "6"
    assert figures.steps["time_over"].text == "6"


def test_a_period_with_fewer_than_five_reports_gives_no_breakdown(cast: Organisation) -> None:
    reports(cast, 3)

    figures = figures_for(*DECEMBER)

    assert figures.is_too_small
    assert figures.total.text == "<5"


def _document(user: User, monkeypatch: pytest.MonkeyPatch, language: str = "en") -> bytes:
    """The document with its date and seal lines held still."""
    monkeypatch.setattr(exports, "head", lambda: Head(1, "0" * 64))
    monkeypatch.setattr(exports.timezone, "now", lambda: FIRST)
    monkeypatch.setattr("jobs.models._reference", lambda: "J-0000-0000")
    job = made(user, language)
    Job.objects.filter(pk=job.pk).update(reference="J-0000-0000")
    job.refresh_from_db()
    content = kind_of(job).run(job, lambda _percent: None)
    Job.objects.filter(pk=job.pk).update(reference=f"J-{job.pk}")
    return content


@pytest.mark.parametrize(("reader", "tick"), [("officer", "about"), ("board_lead", "unwanted"), ("technical_admin", "about")])
def test_the_document_is_byte_for_byte_that_of_a_world_without_the_hidden_report(
    cast: Organisation, monkeypatch: pytest.MonkeyPatch, reader: str, tick: str
) -> None:
    user = getattr(cast, reader)
    reports(cast, 9)
    reports(cast, 6, hours=40, start=20)
    sweep("escalator", now=FIRST + timedelta(hours=60))
    before = _document(user, monkeypatch)

    at = FIRST + timedelta(hours=2)
    hidden = a_report(by=cast.staff, now=at, aware_from=at - timedelta(hours=50), readers="some", danger="yes", **{tick: [cast.officer]})
    sweep("escalator", now=FIRST + timedelta(hours=60))
    acknowledge_report(hidden, by=cast.board_lead, now=FIRST + timedelta(hours=61), doing="calling_police")

    assert _document(user, monkeypatch) == before
    assert left_out_of_the_figures(exports_visible(cast.board_lead)) == 1


def exports_visible(user: User) -> Any:
    from cases.permissions import reports_visible_to

    return reports_visible_to(user)


def test_the_comparison_would_notice_one_more_report(cast: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    reports(cast, 9)
    before = _document(cast.officer, monkeypatch)

    reports(cast, 1, start=15)

    assert _document(cast.officer, monkeypatch) != before


def test_the_document_names_nobody(cast: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    import pypdf

    reports(cast, 9)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(_document(cast.officer, monkeypatch, "sq"))).pages)

    for user in cast.everyone().values():
        assert user.get_full_name() not in text
    assert "verify_audit --anchor" in text


def test_the_code_of_a_document_is_kept_by_an_event(cast: Organisation) -> None:
    reports(cast, 6)
    job = made(cast.officer)
    kind_of(job).run(job, lambda _percent: None)

    event = Event.objects.get(kind="document.made")

    assert event.row_pk == job.pk
    assert len(event.data["code"]) == 19
    assert Event.objects.get(kind="reporting_audit.exported").text.reason == "Meeting of the Board"


def test_other_figures_or_another_chain_make_another_code() -> None:
    assert exports.code_of({"total": 5}, "a" * 64) == exports.code_of({"total": 5}, "a" * 64)
    assert exports.code_of({"total": 5}, "a" * 64) != exports.code_of({"total": 6}, "a" * 64)
    assert exports.code_of({"total": 5}, "a" * 64) != exports.code_of({"total": 5}, "b" * 64)


def test_whoever_lost_the_post_cannot_fetch_the_document_any_more(cast: Organisation) -> None:
    from deadlines.actions import leave_post
    from people.permissions import forget_roles
    from people.roles import TECHNICAL_ADMIN

    job = made(cast.technical_admin)
    assert can_download(cast.technical_admin, job)

    leave_post(TECHNICAL_ADMIN, cast.technical_admin, at=timezone.now())
    forget_roles(cast.technical_admin)

    assert not can_download(cast.technical_admin, job)
