"""The home page: what this person can do and what waits, grouped by the four areas, at a constant price."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deadlines.models import Channel, Heartbeat, Notice, NoticeState
from oversight import operations
from oversight.home import areas_for
from oversight.menu import LINES, menu_of
from people.models import User
from people.permissions import forget_roles
from tests.factories.cases import a_draft, a_report
from tests.factories.people import Organisation

Browser = Callable[[User], Client]
PARTS = tuple(Organisation.__dataclass_fields__)


def words_of(user: User) -> str:
    areas = areas_for(user, timezone.now())
    return " ".join(str(word) for area in areas for word in (area.title, *area.notes, *(link.label for link in area.links)))


def test_without_an_account_it_leads_to_the_sign_in_page(client: Client, db: None) -> None:
    answer = client.get(reverse("home"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("part", PARTS)
def test_everyone_can_report_from_it_and_pays_at_most_twelve_queries(cast: Organisation, browser: Browser, part: str) -> None:
    for _each in range(4):
        a_report(by=cast.volunteer, now=timezone.now())
    client = browser(getattr(cast, part))
    client.get(reverse("home"))

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse("home"))

    assert reverse("cases:report_start") in answer.content.decode()
    assert len(queries) <= 12, [query["sql"][:120] for query in queries.captured_queries]


def test_its_price_does_not_grow_with_reports(cast: Organisation, browser: Browser) -> None:
    client = browser(cast.officer)
    client.get(reverse("home"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("home"))

    for _each in range(12):
        a_report(by=cast.volunteer, now=timezone.now())

    with CaptureQueriesContext(connection) as many:
        client.get(reverse("home"))
    assert len(many) == len(few)


def test_the_officer_sees_what_waits(cast: Organisation, browser: Browser) -> None:
    a_report(by=cast.volunteer, now=timezone.now())
    a_report(by=cast.volunteer, now=timezone.now(), danger="yes")

    page = browser(cast.officer).get(reverse("home")).content.decode()

    assert '<span class="aset-tile__figure">2</span> wait for confirmation' in page
    assert '<span class="aset-tile__figure">1</span> danger, nobody has confirmed' in page


def test_a_hidden_report_changes_nothing_on_the_page_of_whom_it_is_about(cast: Organisation, browser: Browser) -> None:
    a_report(by=cast.volunteer, now=timezone.now())
    client = browser(cast.officer)
    client.get(reverse("home"))
    before = client.get(reverse("home")).content

    a_report(by=cast.staff, now=timezone.now(), readers="some", about=[cast.officer])

    assert _without_tokens(client.get(reverse("home")).content) == _without_tokens(before)


def _without_tokens(page: bytes) -> bytes:
    import re

    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"|data-absolute-at="[^"]+"', b"", page)


def test_an_unsent_report_stands_at_the_top_of_its_authors_page_and_on_no_other(cast: Organisation, browser: Browser) -> None:
    a_draft(cast.volunteer, now=timezone.now())

    assert "begun a report and not sent it" in browser(cast.volunteer).get(reverse("home")).content.decode()
    assert "begun a report" not in browser(cast.officer).get(reverse("home")).content.decode()


def test_the_four_areas_of_the_policy_head_what_is_there(cast: Organisation) -> None:
    assert {area.code for area in areas_for(cast.board_lead, timezone.now())} >= {"response", "reporting", "awareness"}
    assert "prevention" in {area.code for area in areas_for(cast.people_officer, timezone.now())}
    assert {area.code for area in areas_for(cast.volunteer, timezone.now())} <= {"reporting", "awareness"}


def test_nobody_but_those_who_handle_reports_is_shown_figures_about_them(cast: Organisation) -> None:
    handles = {"officer", "deputy", "board_lead", "alternate", "board_member", "board_member2"}

    for part, user in cast.everyone().items():
        tiles = [tile for area in areas_for(user, timezone.now()) if area.code == "response" for tile in area.tiles]
        assert bool(tiles) == (part in handles), part


def test_the_menu_costs_two_queries_at_most_and_every_page_in_it_exists(cast: Organisation) -> None:
    for user in cast.everyone().values():
        forget_roles(user)
        with CaptureQueriesContext(connection) as queries:
            menu_of(user)
        assert len(queries) <= 2

    assert [line.page for line in LINES if not reverse(line.page)] == []


def test_the_menu_marks_the_present_page_and_counts_the_inbox(cast: Organisation) -> None:
    entries = menu_of(cast.officer, path=reverse("deadlines:inbox"), unread=3)

    assert [(url, count) for _label, url, active, count in entries if active] == [(reverse("deadlines:inbox"), 3)]


def test_the_menu_of_a_volunteer_leads_to_no_report_of_others(cast: Organisation) -> None:
    urls = {url for _label, url, _active, _count in menu_of(cast.volunteer)}

    assert reverse("cases:dashboard") not in urls
    assert reverse("oversight:exports") not in urls


def test_the_admin_sees_the_machine_and_no_case(cast: Organisation) -> None:
    a_report(by=cast.volunteer, now=timezone.now())
    Heartbeat.objects.create(source="escalator", last_ok_at=timezone.now())

    figures = {str(label): figure for figure, label in operations.state(timezone.now())}

    assert len(figures) == 3
    assert "Response" not in words_of(cast.technical_admin)


def test_the_oldest_mail_is_the_same_with_and_without_a_hidden_report(cast: Organisation) -> None:
    a_report(by=cast.volunteer, now=timezone.now())
    before = operations.oldest_unsent_mail_at()

    hidden: Any = a_report(by=cast.staff, now=timezone.now() - timedelta(hours=5), readers="some", about=[cast.officer])

    waiting = Notice.objects.filter(row_type="cases.report", row_pk=hidden.pk, channel=Channel.MAIL, state=NoticeState.QUEUED)
    assert waiting.exists()
    assert operations.oldest_unsent_mail_at() == before
