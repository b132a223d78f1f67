"""Filing a concern page by page: danger first, two needed answers, one receipt whatever is pressed twice."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.forms.report_words import details_in_words
from cases.models import Report, ReportDraft
from cases.permissions import reports_visible_to
from deadlines.models import Barred, Deadline, Notice
from deadlines.sweeping import sweep
from people import roles
from tests.cases.report.conftest import Browser, Form, aware
from tests.factories.people import Organisation, a_user

pytestmark = pytest.mark.django_db


def the_report() -> Report:
    return Report.objects.get()


def test_whoever_is_not_signed_in_is_sent_to_sign_in() -> None:
    answer = Client().get(reverse("cases:report_start"))

    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_danger_is_asked_first_with_the_phones(cast: Organisation, browser_of: Browser) -> None:
    page = browser_of(cast.volunteer).get(reverse("cases:report_start"))

    assert b"tel:112" in page.content
    assert b"tel:129" in page.content
    assert b"tel:116111" in page.content


def test_no_danger_leads_on_to_who_will_read_this(form: Form) -> None:
    assert form.last["Location"] == form.url("readers")


@pytest.mark.parametrize("danger", ["yes", "unsure"])
def test_not_sure_counts_as_danger(cast: Organisation, browser_of: Browser, danger: str) -> None:
    form = Form(browser_of(cast.volunteer), danger=danger)

    assert form.last["Location"] == form.url("danger-now")


def test_the_readers_page_names_who_will_read_this_but_not_its_author(cast: Organisation, browser_of: Browser) -> None:
    page = Form(browser_of(cast.board_member)).client
    form = Form(page)

    text = page.get(form.url("readers")).content.decode()

    assert "Agim Hoxha" in text
    assert "Besa Leka" in text
    assert str(roles.LABELS[roles.BOARD_LEAD]) in text
    assert "Edmond Prifti (" not in text
    assert "Genc Shehu" not in text


def test_the_needed_answers_make_it_ready_and_the_receipt_follows(form: Form, cast: Organisation) -> None:
    form.fill_what_is_needed()

    answer = form.send()

    report = the_report()
    assert answer["Location"] == reverse("cases:receipt", args=[report.reference])
    assert report.account == "E pashë duke qarë."
    assert report.reporter == cast.volunteer
    assert report.reporter_kind == "volunteer"
    assert report.aware_from == report.aware_to
    assert report.timeliness == "on_time"
    assert form.draft.answers == {}


def test_send_now_stands_on_every_page_once_the_needed_answers_exist(form: Form) -> None:
    form.fill("readers", readers="nobody")
    form.fill("what-happened", account="Kam frikë.")
    assert b"send_now" not in form.client.get(form.url("aware")).content

    form.fill("aware", **aware())

    for step in ("readers", "situation", "children", "people", "event", "told", "done", "view", "contact"):
        assert b"send_now" in form.client.get(form.url(step)).content, step
    answer = form.fill("children", send_now="1", **{"form-TOTAL_FORMS": "1", "form-0-name": "Era"})
    assert answer["Location"] == reverse("cases:receipt", args=[the_report().reference])
    assert the_report().children.get().name == "Era"


def test_sending_twice_and_the_back_button_give_the_same_receipt(form: Form) -> None:
    form.fill_what_is_needed()

    first, second = form.send(), form.send()
    back = form.client.get(form.url("what-happened"))
    check = form.client.get(reverse("cases:report_check", args=[form.token]))

    assert first["Location"] == second["Location"] == back["Location"] == check["Location"]
    assert Report.objects.count() == 1


def test_beginning_twice_with_one_token_begins_one_draft(form: Form) -> None:
    form.client.post(reverse("cases:report_start"), {"token": str(form.token), "danger": "no"})

    assert ReportDraft.objects.count() == 1


def test_two_tabs_keep_each_others_pages(form: Form) -> None:
    form.fill("what-happened", account="Në dritaren e parë.")
    form.fill("view", opinion="Në dritaren e dytë.")

    assert form.draft.answers["what-happened"]["account"] == ["Në dritaren e parë."]
    assert form.draft.answers["view"]["opinion"] == ["Në dritaren e dytë."]


def test_words_typed_in_another_tab_after_sending_can_be_added(form: Form) -> None:
    form.fill_what_is_needed()
    form.send()

    page = form.fill("view", opinion="Mendoj se duhet pyetur edhe mësuesja e saj.")

    assert page.status_code == 200
    assert "Mendoj se duhet pyetur edhe mësuesja e saj." in page.content.decode()
    assert reverse("cases:receipt_add", args=[the_report().reference]) in page.content.decode()


def test_another_persons_token_leads_nowhere(form: Form, cast: Organisation, browser_of: Browser) -> None:
    form.fill_what_is_needed()
    other = browser_of(cast.trainer)

    for answer in (
        other.get(form.url("what-happened")),
        other.post(form.url("what-happened"), {"account": "x"}),
        other.get(reverse("cases:report_check", args=[form.token])),
        other.post(reverse("cases:report_send", args=[form.token])),
        other.post(reverse("cases:report_autosave", args=[form.token]), {"step": "view"}),
        other.get(reverse("cases:discard_draft", args=[form.token])),
        other.get(reverse("cases:told_by_phone", args=[form.token])),
    ):
        assert answer.status_code == 404

    other.post(reverse("cases:report_start"), {"token": str(form.token), "danger": "no"})
    assert ReportDraft.objects.filter(author=cast.trainer).exclude(token=form.token).count() == 1


def test_a_page_that_does_not_exist_is_not_found(form: Form) -> None:
    assert form.client.get(form.url("no-such-page")).status_code == 404
    assert form.client.get(reverse("cases:report_step", args=[uuid.uuid4(), "readers"])).status_code == 404


def test_alert_now_stores_and_pages_at_once_and_the_rest_is_added(cast: Organisation, browser_of: Browser) -> None:
    form = Form(browser_of(cast.volunteer), danger="unsure")

    answer = form.client.post(
        reverse("cases:report_alert"), {"token": str(form.token), "danger_where": "Te shkolla", "danger_reach": "069"}
    )

    report = the_report()
    assert answer["Location"] == reverse("cases:receipt", args=[report.reference])
    assert (report.channel, report.danger, report.danger_where) == ("alert", "unsure", "Te shkolla")
    paged = set(Notice.objects.filter(kind="cases.danger").values_list("user__login_name", flat=True))
    assert {"officer@test.example", "deputy@test.example", "board_lead@test.example"} <= paged
    assert "Tell us the rest" in form.client.get(answer["Location"]).content.decode()

    form.fill("what-happened", account="Një burrë e pret te dera.")
    form.fill("children", **{"form-TOTAL_FORMS": "1", "form-0-name": "Ben"})
    form.send()

    assert Report.objects.count() == 1
    assert report.additions.get().text == "Një burrë e pret te dera."
    assert report.children.get().name == "Ben"


def test_what_is_added_to_an_alert_keeps_every_answer_and_may_leave_out_the_director(cast: Organisation, browser_of: Browser) -> None:
    form = Form(browser_of(cast.volunteer), danger="yes")
    form.fill("people", **{"form-TOTAL_FORMS": "1", "form-0-name": "Besa Leka"})
    form.client.post(reverse("cases:report_alert"), {"token": str(form.token)})

    form.fill("readers", **{f"who_{cast.officer.reference}": "about"})
    form.fill("people", **{"form-TOTAL_FORMS": "1", "form-0-name": "Çlirim Dervishi"})
    form.fill("contact", safe_contact="Pas orës 17.")
    form.fill("aware", **aware())
    form.send()

    report = the_report()
    words = dict(details_in_words(report.additions.get().details))
    assert "Pas orës 17." in words.values()
    assert "Learned of it at" in words
    assert not reports_visible_to(cast.officer).exists()
    assert Deadline.objects.filter(kind="cases.acknowledge", episode=report.episode, audience__contains=["BOARD_LEAD"]).exists()


def test_an_alert_pressed_twice_pages_once(cast: Organisation, browser_of: Browser) -> None:
    form = Form(browser_of(cast.volunteer), danger="yes")

    for _ in range(2):
        form.client.post(reverse("cases:report_alert"), {"token": str(form.token)})

    assert Report.objects.count() == 1


def test_an_alert_from_a_page_without_a_draft_still_alerts(cast: Organisation, browser_of: Browser) -> None:
    answer = browser_of(cast.volunteer).post(reverse("cases:report_alert"), {"token": "not a token"})

    assert answer.status_code == 302
    assert the_report().danger == "yes"


def test_whom_an_alert_must_not_tell_is_not_told(cast: Organisation, browser_of: Browser) -> None:
    form = Form(browser_of(cast.volunteer), danger="yes")

    form.client.post(reverse("cases:report_alert"), {"token": str(form.token), "do_not_tell": [cast.officer.reference]})

    told = set(Notice.objects.filter(row_type="cases.report").values_list("user__login_name", flat=True))
    assert "officer@test.example" not in told
    assert "deputy@test.example" not in told
    assert "board_lead@test.example" in told


def test_a_ticked_director_never_learns_of_it(form: Form, cast: Organisation) -> None:
    form.fill("readers", **{f"who_{cast.officer.reference}": "about"})
    form.fill("what-happened", account="E pashë vetëm me Benin.")
    form.fill("aware", **aware())
    form.send()
    sweep("test", now=timezone.now() + timedelta(hours=30))

    report = the_report()
    assert report.readers == "some"
    assert not Notice.objects.filter(user__in=[cast.officer, cast.deputy]).exists()
    assert not reports_visible_to(cast.officer).exists()
    assert form.client.get(reverse("cases:receipt", args=[report.reference])).status_code == 200


def test_nothing_said_about_the_readers_counts_as_not_sure(form: Form) -> None:
    form.fill("what-happened", account="Diçka nuk shkon.")
    form.fill("aware", **aware())
    form.send()

    assert the_report().readers == "unsure"
    assert Barred.objects.filter(row_type="cases.report", reason_code="held").exists()


def test_leaving_out_without_a_name_is_asked_again(form: Form) -> None:
    page = form.fill("readers", readers="some")

    assert page.status_code == 200
    assert "Please choose at a name above" in page.content.decode()


def test_situations_three_and_four_have_pages_of_their_own(form: Form) -> None:
    answer = form.fill("situation", situations=["3", "4"], known_by=["child"], mode="supporting")

    assert answer["Location"] == form.url("from-partner")
    form.fill("from-partner", partner="Shkolla 3", partner_knew_on_day="1", partner_knew_on_month="11", partner_knew_on_year="2026")
    answer = form.fill("from-child", words_language="shqip", words_hands="1")
    assert answer["Location"] == form.url("children")
    form.fill_what_is_needed()
    form.send()

    report = the_report()
    assert report.situations == ["3", "4"]
    assert report.mode == "supporting"
    assert report.details["partner"] == "Shkolla 3"
    assert report.details["partner_knew_on"] == "2026-11-01"
    assert report.details["words_hands"] == "1"


def test_children_can_be_added_and_taken_away(form: Form) -> None:
    form.fill("children", add="1", **{"form-TOTAL_FORMS": "1", "form-0-name": "Era"})
    form.fill("children", add="1", **{"form-TOTAL_FORMS": "2", "form-0-name": "Era", "form-1-name": "Ben"})
    answer = form.fill("children", remove="0", **{"form-TOTAL_FORMS": "3", "form-0-name": "Era", "form-1-name": "Ben", "form-2-name": ""})

    assert answer["Location"].startswith(form.url("children"))
    form.fill_what_is_needed()
    form.send()

    assert [child.name for child in the_report().children.all()] == ["Ben"]


def test_a_child_may_have_a_birth_date_an_age_or_neither(form: Form) -> None:
    groups = {
        "form-TOTAL_FORMS": "3",
        "form-0-name": "Era",
        "form-0-born_on_day": "3",
        "form-0-born_on_month": "prill",
        "form-0-born_on_year": "2015",
        "form-1-name": "Ben",
        "form-1-age": "9",
        "form-2-name": "Një vajzë me flokë të kuq",
    }
    form.fill("children", **groups)
    form.fill_what_is_needed()
    form.send()

    era, ben, girl = the_report().children.order_by("position")
    assert era.born_on == "2015-04-03"
    assert ben.details["age"] == 9
    assert girl.born_on == ""


@pytest.mark.parametrize(("year", "words"), [("2199", "lies in the future"), ("1990", "over 18")])
def test_a_birth_date_that_looks_odd_is_a_warning_and_never_a_refusal(form: Form, year: str, words: str) -> None:
    born = {"form-0-born_on_day": "1", "form-0-born_on_month": "1", "form-0-born_on_year": year}
    form.fill("children", **{"form-TOTAL_FORMS": "1", **born})
    form.fill_what_is_needed()

    assert words in form.client.get(reverse("cases:report_check", args=[form.token])).content.decode()
    form.send()
    assert the_report().children.get().born_on == f"{year}-01-01"


def test_known_before_it_happened_is_a_warning_only(form: Form) -> None:
    event = (timezone.now() + timedelta(days=3)).date()
    form.fill("event", happened_on_day=event.day, happened_on_month=event.month, happened_on_year=event.year)
    form.fill_what_is_needed()

    assert "before the day on which it happened" in form.client.get(reverse("cases:report_check", args=[form.token])).content.decode()
    assert form.send().status_code == 302


def test_told_someone_before_is_kept_and_that_person_is_asked(form: Form, cast: Organisation, browser_of: Browser) -> None:
    form.fill_what_is_needed(hours_ago=30)
    told = {name.replace("aware", "told"): value for name, value in aware(20).items()}
    form.fill("told", told_to=cast.officer.reference, told_how="phone", **told)
    form.send()

    report = the_report()
    assert report.told_to == cast.officer
    assert report.timeliness == "late"
    page = browser_of(cast.officer).get(reverse("cases:told", args=[report.reference]))
    assert "Jonida Rama" in page.content.decode()
    browser_of(cast.officer).post(reverse("cases:told", args=[report.reference]))

    report.refresh_from_db()
    assert report.timeliness == "on_time"
    assert browser_of(cast.trainer).get(reverse("cases:told", args=[report.reference])).status_code == 404


def test_the_time_is_told_and_not_ticked(form: Form) -> None:
    form.fill_what_is_needed(hours_ago=2)
    assert "You have time." in form.client.get(form.url("view")).content.decode()

    form.fill("aware", **aware(hours_ago=26))

    page = form.client.get(form.url("view")).content.decode()
    assert "Late is far better than never." in page
    assert "You have time." not in page


def test_a_reporter_under_eighteen_sees_no_clock_and_has_none(browser_of: Browser, cast: Organisation) -> None:
    young = a_user(name="Era Gashi", born_on=datetime(2011, 5, 1, tzinfo=UTC).date())
    form = Form(browser_of(young))
    form.fill("readers", readers="nobody")
    answer = form.fill("what-happened", account="Kam frikë nga trajneri.")

    assert answer["Location"] == form.url("situation")
    assert "Please send" not in form.client.get(form.url("view")).content.decode()
    assert form.send().status_code == 302
    assert the_report().aware_from is None
    assert not Deadline.objects.filter(kind="cases.report_within_24h").exists()


def test_the_check_page_shows_every_answer_with_a_link_to_change_it(form: Form) -> None:
    form.fill_what_is_needed(account="Fjalët e mia.")
    form.fill("children", **{"form-TOTAL_FORMS": "1", "form-0-name": "Era", "form-0-sex": "girl"})

    page = form.client.get(reverse("cases:report_check", args=[form.token])).content.decode()

    assert "Fjalët e mia." in page
    assert "Era" in page
    assert "Girl" in page
    assert form.url("children") + "?then=check" in page
    changed = form.fill("view", opinion="Mendimi im.", then="check")
    assert changed["Location"] == reverse("cases:report_check", args=[form.token])


def test_autosave_keeps_what_is_typed_right_or_wrong(form: Form) -> None:
    answer = form.client.post(
        reverse("cases:report_autosave", args=[form.token]), {"step": "aware", "aware_on_day": "41", "aware_time": "xx"}
    )

    assert answer.json() == {"saved": True}
    page = form.client.get(form.url("aware")).content.decode()
    assert 'value="41"' in page
    assert 'value="xx"' in page


def test_a_page_is_only_the_authors_and_never_stored_on_the_device(form: Form) -> None:
    assert "no-store" in form.client.get(form.url("what-happened"))["Cache-Control"]


@pytest.mark.parametrize("step", ["readers", "what-happened", "children", "event", "told"])
def test_a_page_of_the_form_costs_few_queries(form: Form, step: str, django_assert_max_num_queries: object) -> None:
    form.fill_what_is_needed()
    form.client.get(form.url(step))

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        form.client.get(form.url(step))
