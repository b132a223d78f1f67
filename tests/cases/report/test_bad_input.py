"""Whatever is typed or posted: a clear message or a clean save, never an error page (issue, "Bad input")."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cases.forms.report_account import AwareForm
from cases.forms.report_event import ToldForm
from cases.models import Report
from tests.cases.report.conftest import Form, aware

pytestmark = pytest.mark.django_db


def an_aware_form(day: str, hour: str = "", *, now: datetime) -> AwareForm:
    year, month, day_ = day.split("-")
    return AwareForm({"aware_on_day": day_, "aware_on_month": month, "aware_on_year": year, "aware_time": hour}, now=now)


NOW = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)  # 10:00 in Tirana


def test_a_time_in_the_future_is_asked_again() -> None:
    form = an_aware_form("2026-12-05", "10:00", now=NOW)

    assert not form.is_valid()
    assert "cannot be later than now" in str(form.errors)


def test_five_minutes_ahead_are_forgiven() -> None:
    assert an_aware_form("2026-12-04", "10:05", now=NOW).is_valid()
    assert not an_aware_form("2026-12-04", "10:06", now=NOW).is_valid()


def test_a_date_alone_spans_its_day() -> None:
    form = an_aware_form("2026-12-03", now=NOW)

    assert form.is_valid()
    assert form.cleaned_data["aware_from"] == datetime(2026, 12, 2, 23, 0, tzinfo=UTC)
    assert form.cleaned_data["aware_to"] == datetime(2026, 12, 3, 23, 0, tzinfo=UTC)


def test_the_hour_that_spring_leaves_out_is_asked_again() -> None:
    form = an_aware_form("2026-03-29", "02:30", now=NOW)

    assert not form.is_valid()
    assert "did not exist" in str(form.errors["aware_time"])


def test_the_hour_that_autumn_repeats_is_taken_as_the_earlier() -> None:
    form = an_aware_form("2026-10-25", "02:30", now=NOW)

    assert form.is_valid()
    assert form.cleaned_data["aware_from"] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "26-1-1", "x-y-z"])
def test_a_date_nobody_means_is_asked_again(day: str) -> None:
    assert not an_aware_form(day, "10:00", now=NOW).is_valid()


def test_being_told_in_the_future_is_asked_again_and_a_date_alone_counts_from_its_end() -> None:
    def told(day: str) -> ToldForm:
        from cases.recipients import Recipient
        from tests.factories.people import a_user

        someone = Recipient(a_user(name="Agim Hoxha"), "Agim Hoxha", "Director")
        data = {"told_to": someone.reference, "told_on_day": day, "told_on_month": "12", "told_on_year": "2026"}
        return ToldForm(data, now=NOW, recipients=[someone])

    assert not told("6").is_valid()
    yesterday = told("3")
    assert yesterday.is_valid()
    assert yesterday.cleaned_data["told_at"] == datetime(2026, 12, 3, 23, 0, tzinfo=UTC)


def test_scenario_5_a_wrong_time_loses_no_word(form: Form) -> None:
    form.fill("readers", readers="nobody")
    form.fill("what-happened", account="Gjithçka që shkrova.")
    tomorrow = timezone.now() + timedelta(days=2)

    page = form.fill("aware", aware_on_day=tomorrow.day, aware_on_month=tomorrow.month, aware_on_year=tomorrow.year, aware_time="10:00")

    assert page.status_code == 200
    assert "cannot be later than now" in page.content.decode()
    assert f'value="{tomorrow.day}"' in page.content.decode()
    assert form.draft.answers["what-happened"]["account"] == ["Gjithçka që shkrova."]
    assert form.client.get(form.url("danger-now")).status_code == 200
    assert form.send()["Location"] == form.url("aware")
    form.fill("aware", **aware(0.5))
    assert "receipts" in form.send()["Location"]


@pytest.mark.parametrize(
    "words",
    [
        "ë" * 100_000,
        "🧒🏽 👩‍👧 frikë 😢",
        "a\x00b",
        "<script>alert(1)</script> & <b>",
        "\u202eabc\u200b",
        "' OR 1=1; --",
    ],
    ids=["long", "emoji", "nul", "html", "directions", "quotes"],
)
def test_any_text_is_kept_as_it_was_written(form: Form, words: str) -> None:
    form.fill_what_is_needed(account=words)

    page = form.client.get(reverse("cases:report_check", args=[form.token])).content.decode()
    form.send()

    report = Report.objects.get()
    assert report.account == words.replace("\x00", "")
    assert "<script>alert" not in page
    receipt = form.client.get(reverse("cases:receipt", args=[report.reference])).content.decode()
    assert escape(report.account) in receipt


def test_a_text_beyond_all_measure_is_refused_in_plain_words_and_stays_on_the_page(form: Form) -> None:
    words = "x" * 200_001

    page = form.fill("what-happened", account=words)

    assert page.status_code == 200
    assert "too long for one report" in page.content.decode()
    assert words in page.content.decode()


@pytest.mark.parametrize("fields", [{}, {"form-0-name": "x"}])
def test_a_thousand_children_by_script_are_fifty_and_a_message(form: Form, fields: dict[str, str]) -> None:
    groups = fields | {f"form-{number}-name": f"Fëmija {number}" for number in range(1000)}

    page = form.fill("children", **{"form-TOTAL_FORMS": "1000", **groups})

    assert page.status_code == 200
    assert "up to 50 at a time" in page.content.decode()
    form.fill_what_is_needed()
    form.send()
    assert Report.objects.get().children.count() == 50


def test_more_fields_than_the_server_reads_are_a_clean_refusal(form: Form) -> None:
    groups = {f"form-{number}-{name}": "x" for number in range(1000) for name in ("name", "place", "school")}

    assert form.fill("children", **{"form-TOTAL_FORMS": "1000", **groups}).status_code == 400


@pytest.mark.parametrize("total", ["", "-1", "1e9", "٣", "99999999999999999999", "x"])
def test_a_group_count_no_page_sends_is_no_error(form: Form, total: str) -> None:
    answer = form.fill("children", **{"form-TOTAL_FORMS": total, "form-0-name": "Era", "remove": "٣"})

    assert answer.status_code in (200, 302)
    assert form.client.get(form.url("children")).status_code == 200


def test_an_unreadable_optional_date_holds_nothing_up_and_stays_as_typed(form: Form) -> None:
    form.fill("event", happened_on_day="para", happened_on_month="dy", happened_on_year="javësh")
    form.fill("children", **{"form-TOTAL_FORMS": "1", "form-0-name": "Era", "form-0-age": "nëntë"})
    form.fill_what_is_needed()

    assert "receipts" in form.send()["Location"]
    report = Report.objects.get()
    assert "javësh" in report.details["as_typed"]["happened_on"]
    assert report.children.get().details["as_typed"] == {"age": "nëntë"}


@pytest.mark.parametrize("step", ["danger", "readers", "what-happened", "aware", "situation", "people", "event", "told", "done", "contact"])
def test_nonsense_in_every_box_is_never_an_error_page(form: Form, step: str) -> None:
    rubbish = dict.fromkeys(
        [
            "danger",
            "readers",
            "account",
            "situations",
            "mode",
            "told_to",
            "told_how",
            "done",
            "project",
            "municipality",
            "act",
            "aware_time",
        ],
        "\x00💥'\"<",
    )

    answer = form.fill(step, **rubbish, **{"form-TOTAL_FORMS": "1", "form-0-tie": "x", "form-0-age": "9" * 500})

    assert answer.status_code in (200, 302)
    assert form.client.get(form.url(step)).status_code == 200
    assert form.client.get(reverse("cases:report_check", args=[form.token])).status_code == 200
