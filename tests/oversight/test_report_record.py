"""The record of a report or case: who was told and who did what, without account and without the reporter's name."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from audit.models import Event
from cases.actions.intake import NamedChild, add_to_report
from cases.actions.response import acknowledge_report
from cases.actions.triage import link_to_case
from cases.models import Case, Report
from deadlines.sweeping import sweep
from jobs.models import Job
from jobs.permissions import can_download
from jobs.registry import kind_of
from oversight import exports
from oversight.report_record import record_of_case, record_of_report
from people.models import User
from people.permissions import forget_roles
from tests.factories.cases import a_report
from tests.factories.people import Organisation

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _job(report: Report, user: User, language: str = "en") -> Job:
    return exports.export_report(report, purpose="Meeting with the Board lead", language=language, by=user)


def _text(job: Job) -> str:
    document = kind_of(job).run(job, lambda _percent: None)
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


def test_it_tells_who_was_told_when_and_whether_they_read_it(cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=NOW - timedelta(hours=9))
    sweep("escalator", now=NOW)

    rungs = record_of_report(report, reader=cast.officer, now=NOW).parts[0].rungs

    fired = [rung for rung in rungs if rung.fired_at]
    assert [telling.who for rung in fired for telling in rung.told if telling.tells_reading][:3] == [
        "Agim Hoxha (Child protection officer)",
        "Agim Hoxha (Child protection officer)",
        "Besa Leka (Deputy child protection officer)",
    ]
    assert any(rung.state == "waiting" for rung in rungs)


def test_the_chronology_is_in_order_of_time(cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=NOW - timedelta(hours=3))
    report = acknowledge_report(report, by=cast.officer, now=NOW - timedelta(hours=2))

    lines = record_of_report(report, reader=cast.officer, now=NOW).parts[0].chronology

    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert [str(line.what) for line in lines] == ["Became aware", "Report received", "Receipt confirmed"]


@pytest.mark.parametrize("reporter", ["volunteer", "deputy"])
@pytest.mark.parametrize("language", ["sq", "en"])
def test_the_reporters_name_is_nowhere_even_if_they_hold_a_post(cast: Organisation, reporter: str, language: str) -> None:
    user: User = getattr(cast, reporter)
    report = a_report(by=user, now=NOW - timedelta(hours=9))
    add_to_report(report, token=report.client_token, text="More.", by=user, now=NOW - timedelta(hours=8))
    sweep("escalator", now=NOW)

    text = _text(_job(report, cast.officer, language))

    assert user.get_full_name() not in text
    assert cast.officer.get_full_name() in text


def test_neither_the_account_nor_a_child_is_in_it(cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=NOW, account="Fjala e fshehtë.", children=[NamedChild(name="Zamira Qosja")])

    text = _text(_job(report, cast.officer))

    assert "fshehtë" not in text
    assert "Zamira" not in text


def test_the_alternate_does_not_read_whether_it_was_late(cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=NOW, aware_from=NOW - timedelta(hours=30), readers="some", unwanted=[cast.officer])

    assert record_of_report(report, reader=cast.board_lead, now=NOW).parts[0].timeliness == "late"
    assert record_of_report(report, reader=cast.alternate, now=NOW).parts[0].timeliness == ""


def _linked(report: Report, case: Case, cast: Organisation) -> Report:
    acknowledge_report(report, by=cast.officer, now=NOW)
    Report.objects.filter(pk=report.pk).update(triaged_at=NOW, triaged_by=cast.officer)
    return link_to_case(report, case, by=cast.officer, now=NOW)


def test_a_case_holds_all_its_reports(cast: Organisation) -> None:
    case = Case.objects.create(risk_level="low", opened_at=NOW, opened_by=cast.officer)
    for by in (cast.volunteer, cast.staff):
        _linked(a_report(by=by, now=NOW), case, cast)

    record = record_of_case(case, reader=cast.officer, now=NOW)

    assert len(record.parts) == 2
    assert "Report added to the case" in [str(line.what) for line in record.case_lines]


@pytest.mark.parametrize("part", ["deputy", "board_member", "technical_admin", "investigator", "volunteer"])
def test_only_officer_board_lead_and_alternate_take_a_report_out(cast: Organisation, part: str) -> None:
    report = a_report(by=cast.volunteer, now=NOW - timedelta(hours=13))
    sweep("escalator", now=NOW)
    job = _job(report, getattr(cast, part))

    with pytest.raises(PermissionDenied):
        kind_of(job).run(job, lambda _percent: None)
    assert not can_download(getattr(cast, part), job)


def test_whoever_is_barred_meanwhile_cannot_fetch_what_they_had_made(cast: Organisation) -> None:
    from cases.actions.conflict import bar_person

    report = a_report(by=cast.volunteer, now=NOW)
    job = _job(report, cast.officer)
    assert can_download(cast.officer, job)

    assert cast.officer.person is not None
    bar_person(report, cast.officer.person, now=NOW)
    forget_roles(cast.officer)

    assert not can_download(cast.officer, job)


def test_taking_it_out_is_an_event_of_the_report_with_its_purpose_sealed(cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=NOW)
    _job(report, cast.officer)

    event: Any = Event.objects.get(kind="report.exported")

    assert (event.row_type, event.row_pk, event.actor_id) == ("cases.report", report.pk, cast.officer.pk)
    assert event.text.reason == "Meeting with the Board lead"


def test_it_is_a_tagged_document_in_the_language_asked_for(cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=NOW)
    job = _job(report, cast.officer, "sq")

    document = pypdf.PdfReader(io.BytesIO(kind_of(job).run(job, lambda _percent: None)))

    assert document.trailer["/Root"]["/Lang"] == "sq"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
