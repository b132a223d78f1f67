"""Forms, times and page parts do what templates/components/README.md promises, in both languages."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from common.templatetags import ui
from common.widgets import DateInput3, Hinted, HourInput

ROOT = Path(settings.BASE_DIR)
WEDNESDAY_TEN = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)


class ConcernForm(forms.Form):
    account = forms.CharField(label="What happened?", help_text="In your own words", max_length=200, widget=forms.Textarea)
    aware_on = forms.DateField(label="When", widget=DateInput3())
    aware_at = forms.TimeField(label="Hour", widget=HourInput(), required=False)
    danger = forms.ChoiceField(label="Danger", choices=[("yes", Hinted("Yes", "Call now")), ("no", "No")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I have read it")


def filled(**changes: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"account": "x", "aware_on_day": "2", "aware_on_month": "12", "aware_on_year": "2026", "danger": "yes", "agreed": "on"})
    data.update(changes)
    return data


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


# --- Fields ---


def test_a_field_with_an_error_names_its_hint_and_error_to_screen_readers():
    html = str(ConcernForm(filled(account=""))["account"].as_field_group())

    assert 'aria-describedby="id_account_helptext id_account_error id_account-info"' in html
    assert 'id="id_account_helptext"' in html
    assert 'id="id_account_error"' in html
    assert "govuk-textarea--error" in html


def test_a_browser_is_never_told_to_cut_a_long_account():
    html = str(ConcernForm()["account"])

    assert " maxlength" not in html
    assert 'data-maxlength="200"' in html


def test_a_browser_does_not_learn_names_unless_a_field_asks():
    class Names(forms.Form):
        child = forms.CharField()
        login = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "username"}))

    assert 'autocomplete="off"' in str(Names()["child"])
    assert 'autocomplete="username"' in str(Names()["login"])
    assert "off" not in str(Names()["login"])


def test_what_was_written_comes_back_escaped():
    form = ConcernForm(filled(account="<script>x</script>\x00😀"))

    assert "&lt;script&gt;x&lt;/script&gt;" in str(form["account"])
    assert "<script>" not in str(form["account"])


def test_a_question_with_choices_stands_in_a_fieldset_with_each_hint_bound_to_its_choice():
    html = str(ConcernForm()["danger"].as_field_group())

    assert "<fieldset" in html
    assert 'aria-describedby="id_danger_0_hint"' in html
    assert "Call now" in html


def test_optional_is_said_only_where_it_is_true():
    form = ConcernForm()

    assert "(optional)" in form["aware_at"].as_field_group()
    assert "(optional)" not in form["account"].as_field_group()


def test_a_label_becomes_the_heading_of_a_one_question_page():
    html = Template("{% load ui %}{% field form.account heading=True %}").render(Context({"form": ConcernForm()}))

    assert '<h1 class="govuk-label-wrapper">' in html


# --- Dates and hours ---


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("2", "12", "2026"), ("02", "12", "2026"), (" 2 ", "dhjetor", "2026"), ("2", "Dec", "2026"), ("2.12.2026", "", "")],
)
def test_a_date_is_read_however_it_is_written(day, month, year):
    form = ConcernForm(filled(aware_on_day=day, aware_on_month=month, aware_on_year=year))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["aware_on"] == date(2026, 12, 2)


@pytest.mark.parametrize(("day", "month", "year"), [("32", "12", "2026"), ("x", "<b>", "20"), ("2", "", ""), ("😀", "1", "2026")])
def test_a_wrong_date_is_refused_and_stays_as_typed(day, month, year):
    form = ConcernForm(filled(aware_on_day=day, aware_on_month=month, aware_on_year=year))

    assert "aware_on" in form.errors
    boxes = DateInput3().get_context("aware_on", form["aware_on"].value(), {})["widget"]["subwidgets"]
    assert [box["value"] for box in boxes] == [day or None, month or None, year or None]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("10:42", time(10, 42)), ("10.42", time(10, 42)), ("1042", time(10, 42)), ("930", time(9, 30)), ("ora 9", time(9)), ("23", time(23))],
)
def test_an_hour_is_read_however_it_is_written(typed, meant):
    form = ConcernForm(filled(aware_at=typed))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["aware_at"] == meant


@pytest.mark.parametrize("typed", ["25:00", "10:75", "a bit later", "99999"])
def test_a_wrong_hour_is_refused_and_stays_as_typed(typed):
    form = ConcernForm(filled(aware_at=typed))

    assert "aware_at" in form.errors
    assert form["aware_at"].value() == typed


# --- Errors together ---


def test_every_line_of_the_error_summary_leads_to_a_field_that_exists():
    form = ConcernForm(QueryDict(""))

    lines = ui.error_summary(form)["lines"]
    page = str(form)

    assert len(lines) == 4
    assert all(f'id="{anchor}"' in page for _text, anchor in lines)
    assert lines[0][0] == "What happened? – This field is required."


def test_the_title_begins_with_error_only_when_something_is_wrong():
    assert ui.error_prefix(ConcernForm(QueryDict(""))) == "Error: "
    assert ui.error_prefix(ConcernForm()) == ""
    assert ui.error_prefix(forms.formset_factory(ConcernForm)()) == ""


# --- Time ---


def test_a_due_time_names_the_weekday_in_tirana():
    assert ui.by_time(WEDNESDAY_TEN) == "by Wed 2.12.2026, 10:00"
    assert ui.hour(WEDNESDAY_TEN) == "10:00"


def test_albanian_bends_the_weekday():
    with override("sq"):
        assert ui.by_time(WEDNESDAY_TEN) == "deri të mërkurën, 2.12.2026, ora 10:00"
        assert "Afati: e mërkurë, 2.12.2026, ora 10:00" in ui.due_time(WEDNESDAY_TEN, done=True)


def test_a_passed_due_time_is_said_in_words_and_without_red():
    before, after = WEDNESDAY_TEN.replace(hour=8), WEDNESDAY_TEN.replace(hour=10)

    assert "Due: Wed" in ui.due_time(WEDNESDAY_TEN, now=before)
    assert "Was due: Wed" in ui.due_time(WEDNESDAY_TEN, now=after)
    assert "Due: Wed" in ui.due_time(WEDNESDAY_TEN, now=after, done=True)
    assert "error" not in ui.due_time(WEDNESDAY_TEN, now=after)


# --- Parts ---


def test_without_a_list_the_national_numbers_stand():
    html = render_to_string("500.html")

    for number in ("tel:112", "tel:129", "tel:116111"):
        assert number in html


def test_a_suppressed_figure_has_no_bar_and_no_number():
    row = ui.bar_chart([("On time", 24), ("Late", None)], caption="Reports")["rows"][1]

    assert row["width"] == 0
    assert row["shown"] == "fewer than 5"


def test_paging_keeps_the_filters_in_the_address():
    request = RequestFactory().get("/reports/", {"state": "new", "cursor": "old"})
    page = SimpleNamespace(previous_cursor="", next_cursor="abc")

    shown = ui.pagination(Context({"request": request}), page)

    assert shown == {"previous_url": "", "next_url": "?state=new&cursor=abc"}


def test_a_state_is_a_word_first():
    assert ui.status_tag("escalated", "With the Board") == '<strong class="govuk-tag govuk-tag--act">With the Board</strong>'
    assert ui.status_tag("<b>") == '<strong class="govuk-tag">&lt;b&gt;</strong>'


def test_a_form_that_survives_a_lost_link_knows_whom_to_phone():
    attributes = ui.form_watch(retry=True, autosave_url="/draft", phones=[{"number": "112", "label": "Emergency"}])

    assert "Emergency 112" in attributes
    assert 'data-autosave-url="/draft"' in attributes


# --- The frame ---


def test_pages_render_without_any_context():
    for name in ("base", "base_focus", "base_plain", "400", "403", "403_csrf", "413", "429", "500", "503"):
        assert "<h2" in render_to_string(f"{name}.html")


def test_the_not_found_page_holds_no_form_no_token_and_no_address():
    html = render_to_string("404.html", request=None, context={"request_path": "/reports/R-7KQ4-M2XD/", "exception": "secret"})

    assert "<form" not in html
    assert "csrf" not in html
    assert "R-7KQ4" not in html
    assert "secret" not in html


def test_no_template_holds_an_inline_style_or_script():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if "mail" in path.parts or "pdf" in path.parts:
            continue
        assert " style=" not in text, path
        assert "<style" not in text or "pdf" in path.name, path
        assert "onclick=" not in text, path
        assert "<script>" not in text, path


def test_a_first_visit_weighs_less_than_a_hundred_kilobytes():
    import gzip

    plain = ["css/app.css", "js/app.js", "js/once.js", "js/connection.js", "js/autosave.js", "js/add-another.js", "img/icon.svg"]
    weight = sum(len(gzip.compress((ROOT / "static" / name).read_bytes())) for name in plain)
    weight += sum(path.stat().st_size for path in (ROOT / "static" / "fonts").glob("*.woff2"))

    assert weight < 80_000


def test_no_state_s_marks_are_shipped():
    shipped = (ROOT / "static/css/app.css").read_text(encoding="utf-8") + (ROOT / "static/js/app.js").read_text(encoding="utf-8")

    for mark in ("GDS Transport", "govuk-crest", "govuk-logotype", "crown.svg"):
        assert mark not in shipped
    assert "url(http" not in shipped
