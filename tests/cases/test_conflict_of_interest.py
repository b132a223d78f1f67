"""Nobody can learn of a report about themselves: every page is compared, byte by byte, with a world in which it does not exist.

The report about the Director is hidden from the Director and from the deputy, who works under the Director; the report about
the deputy from the deputy alone (R-75, A-03; scenarios 2 and 3 of the requirements).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from audit.models import Event
from cases.actions.access import GrantRefused, grant_access
from cases.actions.conflict import decide_hold, held_users
from cases.actions.intake import NamedChild, NamedPerson
from cases.actions.response import acknowledge_report, add_step
from cases.actions.triage import open_case
from cases.models import CaseGrant, CaseUserObjectPermission, Report
from cases.permissions import cases_visible_to, reports_clear_for_the_cpo, reports_visible_to
from deadlines.models import Notice
from deadlines.sweeping import sweep
from tests.factories.cases import a_report
from tests.factories.people import Organisation, the_organisation

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/dashboard/",
    "/reports/",
    "/reports/?status=open",
    "/reports/?danger=yes",
    "/reports/?q=Ben",
    "/reports/?q=Ben+Marku",
    "/reports/?q=2016",
    "/cases/",
    "/inbox/",
    "/on-call-card/",
]
FAR = timedelta(hours=30)


@pytest.fixture
def cast(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    """Form tokens are random in every answer; here each draws the same, so that the rest can be compared byte by byte."""
    settings.MFA_REQUIRED = False
    monkeypatch.setattr("django.middleware.csrf._get_new_csrf_string", lambda: "k" * 32)
    return the_organisation()


@pytest.fixture
def still() -> Iterator[None]:
    """The clock stands still, or the card to print would differ by the minute."""
    with time_machine.travel(datetime(2026, 12, 1, 10, 20, tzinfo=UTC), tick=False):
        yield


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def answer(client: Client, address: str) -> tuple[int, dict[str, str], bytes]:
    """Everything a browser receives, cookies apart."""
    response = client.get(address)
    return response.status_code, dict(response.items()), response.content


def whole_sight(browser: Client) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """All pages of this person."""
    return {address: answer(browser, address) for address in PAGES}


def mails_to(user: Any) -> list[tuple[str, str, str]]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", "duty", "channel"))


def figures() -> int:
    return reports_clear_for_the_cpo().count()


def about_the_director(cast: Organisation) -> Report:
    child = NamedChild(name="Ben Marku", born_on="2016-05-05")
    return a_report(by=cast.volunteer, now=timezone.now(), about=[cast.officer], children=[child], readers="some", danger="yes")


def about_the_deputy(cast: Organisation) -> Report:
    child = NamedChild(name="Ben Marku", born_on="2016-05-05")
    return a_report(by=cast.volunteer, now=timezone.now(), about=[cast.deputy], children=[child], readers="some", danger="yes")


Hidden = Callable[[Organisation], Report]


def handled_by_the_board(cast: Organisation, hidden: Hidden) -> Report:
    """The hidden report lives its whole first day: escalations fire, it is confirmed, gets an action, and becomes a case."""
    report = hidden(cast)
    sweep("test", now=timezone.now() + FAR)
    lead, now = cast.board_lead, timezone.now()
    acknowledge_report(report, by=lead, now=now, doing="calling_police")
    Report.objects.filter(pk=report.pk).update(triaged_at=now, triaged_by=lead)
    report.refresh_from_db()
    open_case(report, risk_level="high", safety="safe", by=lead, now=now)
    report.refresh_from_db()
    add_step(report, what="Visit.", owner=lead, due_at=now + timedelta(hours=1), by=lead, now=now)
    sweep("test", now=now + FAR)
    return report


@pytest.mark.parametrize(
    ("hidden", "blind"),
    [(about_the_director, "officer"), (about_the_director, "deputy"), (about_the_deputy, "deputy"), (about_the_director, "staff")],
)
def test_every_page_is_the_same_as_in_a_world_without_the_report(cast: Organisation, still: None, hidden: Hidden, blind: str) -> None:
    viewer = getattr(cast, blind)
    a_report(by=cast.staff, now=timezone.now(), children=[NamedChild(name="Ana Lika")])
    sweep("test", now=timezone.now() + FAR)
    browser = signed_in(viewer)
    whole_sight(browser)
    sight, mails = whole_sight(browser), mails_to(viewer)

    handled_by_the_board(cast, hidden)

    now_seen = whole_sight(browser)
    assert [address for address in PAGES if now_seen[address] != sight[address]] == []
    assert mails_to(viewer) == mails


def test_the_comparison_notices_a_report_that_is_not_hidden(cast: Organisation, still: None) -> None:
    browser = signed_in(cast.officer)
    whole_sight(browser)
    sight, mails = whole_sight(browser), mails_to(cast.officer)

    about_the_deputy(cast)

    now_seen = whole_sight(browser)
    assert {"/dashboard/", "/reports/", "/reports/?q=Ben", "/inbox/"} <= {
        address for address in PAGES if now_seen[address] != sight[address]
    }
    assert mails_to(cast.officer) != mails


def test_no_figure_outside_the_board_counts_a_report_about_the_director_whoever_asks(cast: Organisation) -> None:
    a_report(by=cast.staff, now=timezone.now())
    before = figures()

    handled_by_the_board(cast, about_the_director)

    assert figures() == before


@pytest.mark.parametrize(
    "part", ["", "acknowledge/", "triage/", "names/", "history/", "safety/", "not-a-concern/", "identify/", "steps/add/"]
)
def test_a_hidden_address_answers_like_one_that_never_was(cast: Organisation, part: str) -> None:
    report = about_the_director(cast)
    browser = signed_in(cast.officer)

    hidden = answer(browser, f"/reports/{report.reference}/{part}")
    never = answer(browser, f"/reports/R-7777-7777/{part}")

    assert hidden[0] == 404
    assert hidden == never
    assert report.reference.encode() not in hidden[2]
    assert browser.post(f"/reports/{report.reference}/{part}").content == browser.post(f"/reports/R-7777-7777/{part}").content


def test_a_hidden_case_answers_like_one_that_never_was(cast: Organisation) -> None:
    report = handled_by_the_board(cast, about_the_director)
    browser = signed_in(cast.officer)
    assert report.case is not None

    for part in ("", "grants/"):
        assert answer(browser, f"/cases/{report.case.reference}/{part}") == answer(browser, f"/cases/C-7777-7777/{part}")
    step = report.steps.get()
    assert browser.post(f"/steps/{step.reference}/done/").content == browser.post("/steps/7777-7777/done/").content


def test_both_misses_leave_the_same_kind_of_trace(cast: Organisation) -> None:
    report = about_the_director(cast)
    browser = signed_in(cast.officer)
    before = Event.objects.count()

    browser.get(f"/reports/{report.reference}/")
    browser.get("/reports/R-7777-7777/")

    traces = list(Event.objects.order_by("pk")[before:].values_list("kind", "row_type", "row_pk", "actor"))
    assert len(traces) == 2
    assert traces[0] == traces[1]


def test_the_board_sees_what_the_director_cannot_on_a_line_of_its_own(cast: Organisation) -> None:
    report = about_the_director(cast)

    page = signed_in(cast.board_lead).get("/board/").content.decode()

    apart = page.split("Without the child protection officer")[1]
    assert report.reference in apart


def test_a_report_about_the_board_lead_is_hidden_from_the_board_lead_and_reaches_the_alternate(cast: Organisation) -> None:
    report = a_report(by=cast.staff, now=timezone.now(), about=[cast.board_lead], readers="some")

    assert not reports_visible_to(cast.board_lead).filter(pk=report.pk).exists()
    assert reports_visible_to(cast.officer).filter(pk=report.pk).exists()
    assert reports_visible_to(cast.alternate).filter(pk=report.pk).exists()


def test_a_name_like_the_directors_holds_the_report_until_the_board_lead_decides(cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), alleged=[NamedPerson(name="agim hoxha")])
    assert {user.pk for user in held_users(report)} == {cast.officer.pk, cast.deputy.pk}
    lead = signed_in(cast.board_lead)
    assert not reports_visible_to(cast.officer).filter(pk=report.pk).exists()

    page = lead.get("/board/").content.decode()
    address = f"/reports/{report.reference}/hold/" + page.split(f"/reports/{report.reference}/hold/")[1].split('"')[0]
    lead.post(address, {"conflict": "no", "reason": "Another man of that name."})

    still_held = {user.pk for user in held_users(report)}
    assert still_held < {cast.officer.pk, cast.deputy.pk}


def test_a_hold_that_was_a_mistake_tells_the_person_of_what_they_missed(cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), readers="unsure")
    assert not Notice.objects.filter(user=cast.officer, row_type="cases.report").exists()

    decide_hold(report, cast.officer, conflict=False, by=cast.board_lead, reason="It is about a neighbour.", now=timezone.now())

    assert Notice.objects.filter(user=cast.officer, row_type="cases.report", kind="cases.acknowledge").exists()
    assert reports_visible_to(cast.officer).filter(pk=report.pk).exists()


def test_the_officer_held_from_a_report_cannot_decide_their_own_hold(cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), readers="unsure")

    assert signed_in(cast.officer).get(f"/reports/{report.reference}/hold/0123456789abcdef/").status_code == 404


def test_no_grant_reaches_a_person_with_a_conflict_neither_by_action_nor_by_page_nor_in_the_database(cast: Organisation) -> None:
    report = handled_by_the_board(cast, about_the_director)
    case, until = report.case, timezone.now() + timedelta(days=3)
    assert case is not None

    with pytest.raises(GrantRefused):
        grant_access(case, cast.officer, why="He asked.", until_at=until, by=cast.board_lead, now=timezone.now())
    posted = {"holder": cast.officer.reference, "why": "He asked.", "until_on_day": "1", "until_on_month": "1", "until_on_year": "2030"}
    page = signed_in(cast.board_lead).post(f"/cases/{case.reference}/grants/", posted)
    assert "This person cannot be let in to this case." in page.content.decode()
    assert Event.objects.filter(kind="case.grant_refused", row_pk=case.pk).count() == 1

    now = timezone.now()
    with pytest.raises(DatabaseError, match="conflict of interest"), transaction.atomic():
        CaseGrant.objects.create(case=case, holder=cast.officer, why="x", from_at=now, until_at=until, granted_by=cast.board_lead)
    with pytest.raises(DatabaseError, match="conflict of interest"), transaction.atomic():
        CaseUserObjectPermission.objects.create(user=cast.deputy, permission_id=_any_permission(), content_object=case)
    assert not cases_visible_to(cast.officer).filter(pk=case.pk).exists()


def _any_permission() -> int:
    from django.contrib.auth.models import Permission

    return Permission.objects.get(content_type__app_label="cases", codename="work_on_case").pk
