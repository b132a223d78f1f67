"""The unsent draft: its author's 24 hours, who hears of it and who never does, and the ways out."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases.actions.drafts import hand_in_drafts_of
from cases.models import Report, ReportDraft
from cases.permissions import reports_visible_to
from cases.queries_drafts import drafts_told_to, last_ladder_of, open_drafts_of
from deadlines.models import Deadline, Notice
from deadlines.sweeping import sweep
from people.models import User
from tests.cases.report.conftest import Browser, Form, aware
from tests.factories.people import Organisation

pytestmark = pytest.mark.django_db

KIND = "cases.report_within_24h"


def told(duty: str) -> list[str]:
    """Who was told what about drafts, in the application."""
    notices = Notice.objects.filter(kind=KIND, duty=duty, channel="inapp").order_by("created_at", "pk")
    return [notice.user.login_name.split("@")[0] for notice in notices]


def after(hours: float) -> None:
    sweep("test", now=timezone.now() + timedelta(hours=hours))


def test_the_author_is_reminded_three_times_and_then_the_board_lead_learns_that_it_exists(form: Form) -> None:
    form.fill("what-happened", account="Nuk di si ta them.")

    for hours in (5, 6.1, 12.1, 20.1, 23):
        after(hours)
    assert told("unsent") == ["volunteer"] * 3
    assert told("unsent_of_someone") == []

    after(24.1)
    after(30)
    assert told("unsent_of_someone") == ["board_lead"]


def test_it_counts_from_awareness_once_that_is_known(form: Form) -> None:
    form.fill("what-happened", account="Nuk di si ta them.")
    form.fill("aware", **aware(hours_ago=10))

    steps = last_ladder_of(form.draft)

    assert {step.episode for step in steps} == {2}
    assert len(steps) == 3
    assert abs(steps[-1].due_at - timezone.now() - timedelta(hours=14)) < timedelta(minutes=2)
    assert not Deadline.objects.filter(kind=KIND, episode=1, state="pending").exists()


def test_saving_the_same_page_again_starts_nothing_anew(form: Form) -> None:
    answers = aware(hours_ago=3)
    for _ in range(3):
        form.fill("aware", **answers)
        form.fill("view", opinion="Mendimi im.")

    assert {step.episode for step in last_ladder_of(form.draft)} == {2}


def test_a_late_writer_is_left_an_hour_before_anybody_hears(form: Form) -> None:
    form.fill("aware", **aware(hours_ago=40))
    assert told("unsent_of_someone") == []

    after(1.1)

    assert told("unsent_of_someone") == ["board_lead"]


def test_the_director_hears_only_after_the_answer_nobody_and_no_name_like_a_recipients(form: Form) -> None:
    form.fill("readers", readers="nobody")
    form.fill("what-happened", account="Diçka.")
    after(24.1)

    assert set(told("unsent_of_someone")) == {"board_lead", "officer"}


def test_a_typed_name_like_the_directors_keeps_the_director_out(form: Form) -> None:
    form.fill("readers", readers="nobody")
    form.fill("people", **{"form-TOTAL_FORMS": "1", "form-0-name": "agim hoxha"})
    after(24.1)

    assert told("unsent_of_someone") == ["board_lead"]


@pytest.mark.parametrize("choice", ["about", "close", "unwanted"])
def test_a_ticked_board_lead_never_learns_of_it_and_the_alternate_does(form: Form, cast: Organisation, choice: str) -> None:
    form.fill("readers", **{f"who_{cast.board_lead.reference}": choice})
    form.fill("what-happened", account="Diçka.")
    after(24.1)

    assert told("unsent_of_someone") == ["alternate"]
    assert not drafts_told_to(cast.board_lead).exists()


def test_an_unticked_person_may_hear_again(form: Form, cast: Organisation) -> None:
    form.fill("readers", **{f"who_{cast.board_lead.reference}": "unwanted"})
    form.fill("readers", readers="nobody")
    after(24.1)

    assert "board_lead" in told("unsent_of_someone")


def test_whoever_was_told_sees_whose_draft_waits_and_nothing_else(form: Form, cast: Organisation, browser_of: Browser) -> None:
    form.fill("what-happened", account="Fjalë të fshehta.")
    after(24.1)

    page = browser_of(cast.board_lead).get(reverse("cases:unsent_drafts")).content.decode()
    others = browser_of(cast.staff).get(reverse("cases:unsent_drafts")).content.decode()

    assert "Jonida Rama" in page
    assert "fshehta" not in page
    assert str(form.token) not in page
    assert "Jonida Rama" not in others


def test_sending_ends_the_authors_own_clock_and_blanks_the_draft(form: Form) -> None:
    form.fill_what_is_needed()
    form.send()
    after(30)

    assert told("unsent") == []
    assert told("unsent_of_someone") == []
    assert form.draft.answers == {}


def test_discarding_asks_why(form: Form) -> None:
    form.fill("what-happened", account="Diçka.")
    url = reverse("cases:discard_draft", args=[form.token])

    assert form.client.post(url, {"reason": " "}).status_code == 200
    assert form.draft.is_open
    assert form.client.post(url, {"reason": "E raportoi\x00 dikush tjetër."})["Location"] == reverse("cases:drafts")

    assert form.draft.discard_reason == "E raportoi dikush tjetër."
    assert form.draft.answers == {}
    after(30)
    assert told("unsent_of_someone") == []
    assert form.send()["Location"] == reverse("cases:drafts")
    assert not Report.objects.exists()


def test_told_by_phone_sends_what_there_is_and_asks_that_person(form: Form, cast: Organisation) -> None:
    form.fill("readers", readers="nobody")
    form.fill("what-happened", account="I thashë drejtorit në telefon.")
    boxes = {name.replace("aware", "told"): value for name, value in aware(1).items()}
    url = reverse("cases:told_by_phone", args=[form.token])

    assert form.client.post(url, boxes).status_code == 200
    answer = form.client.post(url, {"told_to": cast.officer.reference, "told_how": "phone", **boxes})

    report = Report.objects.get()
    assert answer["Location"] == reverse("cases:receipt", args=[report.reference])
    assert (report.channel, report.told_to, report.told_how) == ("phone", cast.officer, "phone")
    assert Notice.objects.filter(kind="cases.told", user=cast.officer).exists()
    assert told("unsent") == []


def test_the_drafts_page_shows_times_and_buttons_but_no_words(form: Form) -> None:
    form.fill_what_is_needed(account="Fjalë të fshehta.")

    page = form.client.get(reverse("cases:drafts")).content.decode()

    assert "You have time." in page
    assert reverse("cases:report_send", args=[form.token]) in page
    assert "fshehta" not in page


def test_the_drafts_page_costs_the_same_with_many(form: Form, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        Form(form.client).fill("what-happened", account="Diçka.")
    form.client.get(reverse("cases:drafts"))

    with django_assert_max_num_queries(10):
        form.client.get(reverse("cases:drafts"))


def test_a_draft_is_sealed_in_the_database(form: Form) -> None:
    form.fill("what-happened", account="Fjala e fshehtë")

    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(answers, 'escape') FROM cases_reportdraft")
        (stored,) = cursor.fetchone()

    assert "fsheht" not in stored


def test_nobody_but_the_author_finds_a_draft(form: Form, cast: Organisation) -> None:
    assert open_drafts_of(cast.volunteer).count() == 1
    assert open_drafts_of(cast.officer).count() == 0


def test_a_leavers_draft_goes_to_the_board_lead_as_a_report(form: Form, cast: Organisation) -> None:
    form.fill("what-happened", account="E nisa por nuk e mbarova.")
    Form(form.client)

    reports = hand_in_drafts_of(cast.volunteer, by=cast.people_officer, now=timezone.now())

    (report,) = reports
    assert report.account == "E nisa por nuk e mbarova."
    assert (report.channel, report.reporter) == ("unsent_draft", cast.volunteer)
    assert reports_visible_to(cast.board_lead).filter(pk=report.pk).exists()
    assert Notice.objects.filter(kind="cases.acknowledge", user=cast.board_lead).exists()
    assert not open_drafts_of(cast.volunteer).exists()


def test_a_draft_about_the_director_handed_in_for_a_leaver_stays_hidden_from_the_director(form: Form, cast: Organisation) -> None:
    form.fill("readers", **{f"who_{cast.officer.reference}": "about"})
    form.fill("what-happened", account="Diçka.")

    (report,) = hand_in_drafts_of(cast.volunteer, by=None, now=timezone.now())

    assert not reports_visible_to(cast.officer).filter(pk=report.pk).exists()
    assert reports_visible_to(cast.board_lead).filter(pk=report.pk).exists()


def test_after_an_alert_what_is_written_and_not_sent_is_reminded_of(cast: Organisation, browser_of: Browser) -> None:
    form = Form(browser_of(cast.volunteer), danger="yes")
    form.client.post(reverse("cases:report_alert"), {"token": str(form.token)})
    after(7)
    assert told("unsent") == []

    form.fill("what-happened", account="Një burrë e pret te dera.")
    after(7)

    assert told("unsent") == ["volunteer"]


def test_the_author_is_never_kept_from_the_own_draft(cast: Organisation, browser_of: Browser) -> None:
    """The volunteer works under the Director, whom the draft is about."""
    form = Form(browser_of(cast.staff))
    form.fill("readers", **{f"who_{cast.officer.reference}": "about"})
    after(6.1)

    assert told("unsent") == ["staff"]
    assert isinstance(cast.staff, User)
    assert ReportDraft.objects.get().author == cast.staff
