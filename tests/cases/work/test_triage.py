"""The first assessment and its four ways out (R-01, R-22, R-26, R-27, R-78, R-79, R-86)."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.actions.conflict import identify_alleged_person
from cases.actions.intake import NamedChild, NamedPerson
from cases.actions.response import acknowledge_report, complete_referral
from cases.actions.triage import Judgement, NextAction, triage_report
from cases.models import Case, LowLevelRecord, NotAConcern, Referral, Report, ResponseStep, Triage
from cases.permissions import cases_visible_to
from cases.queries import possible_duplicates
from common.localtime import to_utc
from deadlines.models import Barred, Deadline, Notice
from tests.cases.work.conftest import Browser, triage_answers
from tests.factories.cases import a_report
from tests.factories.people import Organisation


def assess(browser_of: Browser, user: Any, report: Report, answers: dict[str, Any]) -> str:
    return browser_of(user).post(f"/reports/{report.reference}/triage/", answers, follow=True).content.decode()


def test_a_new_case_has_its_times_its_step_and_its_clock(cast: Organisation, browser_of: Browser, acknowledged: Report) -> None:
    before = timezone.now()

    assess(browser_of, cast.officer, acknowledged, triage_answers(cast))

    acknowledged.refresh_from_db()
    case = Case.objects.get()
    assert (acknowledged.status, acknowledged.case, acknowledged.triaged_by) == ("linked", case, cast.officer)
    assert case.contact_due_at is not None
    assert timedelta(hours=24) <= case.contact_due_at - before < timedelta(hours=24, minutes=1)
    assert case.review_due_at is not None
    assert timedelta(hours=72) <= case.review_due_at - before < timedelta(hours=72, minutes=1)
    step = ResponseStep.objects.get()
    assert (step.what, step.owner, step.case) == ("Visit the family.", cast.officer, case)
    open_kinds = Deadline.objects.filter(row_pk=acknowledged.pk, row_type="cases.report", satisfied_at=None).values_list("kind", flat=True)
    assert set(open_kinds) == {"cases.next_action"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"tie_0": ""}, "Say what this person is to the child."),
        ({"categories": None}, "Choose at least one."),
        ({"best_interests": "Safe with aunt."}, "Write at least 20 characters"),
        ({"wishes": ""}, "Write what the child wants"),
        ({"risk_level": None}, "Choose a level of risk."),
        ({"possible_crime": "yes"}, "Choose the authority that must hear of it."),
        ({"next_owner": ""}, "Choose who does it."),
        ({"next_on_year": "2020"}, "Give a time that is still to come."),
        ({"next_on_day": "31", "next_on_month": "2"}, "Give a real date"),
        ({"way_out": "existing_case"}, "Choose the case."),
        ({"way_out": "not_a_concern"}, "Write why this is not a concern."),
        ({"way_out": "low_level"}, "Write what was seen."),
        ({"way_out": "low_level", "possible_crime": "unknown", "authority": "police"}, "If it could be a crime, it needs a case."),
    ],
)
def test_bad_input_names_the_fix_keeps_every_word_and_saves_nothing(
    cast: Organisation, browser_of: Browser, acknowledged: Report, change: dict[str, Any], says: str
) -> None:
    page = assess(browser_of, cast.officer, acknowledged, triage_answers(cast, who_is_with="The grandmother.", **change))

    assert says in page
    assert "The grandmother." in page
    assert "Visit the family." in page
    assert not Triage.objects.exists()
    assert Report.objects.get(pk=acknowledged.pk).status == "acknowledged"


def test_the_triager_answers_the_tie_of_each_person_and_does_not_inherit_i_do_not_know(cast: Organisation, browser_of: Browser) -> None:
    alleged = [NamedPerson(name="Agron Kola"), NamedPerson(name="Gent Lika", tie="family")]
    report = a_report(by=cast.volunteer, now=timezone.now(), alleged=alleged)
    acknowledge_report(report, by=cast.officer, now=timezone.now())

    refused = assess(browser_of, cast.officer, report, triage_answers(cast, tie_0=None, tie_2="family"))
    assert "Say what this person is to the child." in refused

    assess(browser_of, cast.officer, report, triage_answers(cast, tie_0=None, tie_1="unknown", tie_2="family"))
    assert Triage.objects.get().details["ties"] == {"1": "unknown", "2": "family"}


def test_neglect_and_exploitation_ask_one_question_each_and_only_warn(
    cast: Organisation, browser_of: Browser, acknowledged: Report
) -> None:
    page = assess(browser_of, cast.officer, acknowledged, triage_answers(cast, categories=["neglect", "exploitation"]))

    assert "poverty alone is not neglect" in page
    assert "find out who benefits" in page
    assert Triage.objects.count() == 1


@pytest.mark.parametrize("answer", ["yes", "unknown"])
def test_a_possible_crime_opens_a_referral_due_within_24_hours(
    cast: Organisation, browser_of: Browser, acknowledged: Report, answer: str
) -> None:
    before = timezone.now()

    assess(browser_of, cast.officer, acknowledged, triage_answers(cast, possible_crime=answer, authority="police"))

    referral = Referral.objects.get()
    assert timedelta(hours=24) <= referral.due_at - before < timedelta(hours=24, minutes=1)
    assert referral.case is not None


def test_in_danger_the_referral_is_due_at_once(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), danger="yes")
    acknowledge_report(report, by=cast.officer, now=timezone.now(), doing="going_there")

    assess(browser_of, cast.officer, report, triage_answers(cast, possible_crime="yes", authority="police"))

    assert Referral.objects.get().due_at <= timezone.now()


def test_a_referral_is_done_with_its_number(cast: Organisation, browser_of: Browser, acknowledged: Report) -> None:
    assess(browser_of, cast.officer, acknowledged, triage_answers(cast, possible_crime="yes", authority="police"))
    referral = Referral.objects.get()

    browser_of(cast.officer).post(f"/referrals/{referral.reference}/", {"number": "P-77/2026"})

    referral.refresh_from_db()
    assert (referral.number, referral.done_by) == ("P-77/2026", cast.officer)


def test_a_report_can_join_an_open_case_and_keeps_its_own_clock(cast: Organisation, browser_of: Browser, acknowledged: Report) -> None:
    assess(browser_of, cast.officer, acknowledged, triage_answers(cast))
    case = Case.objects.get()
    second = acknowledge_report(a_report(by=cast.staff, now=timezone.now()), by=cast.officer, now=timezone.now())

    assess(browser_of, cast.officer, second, triage_answers(cast, way_out="existing_case", case=case.reference))

    assert set(case.reports.all()) == {acknowledged, second}
    assert Case.objects.count() == 1


def test_whoever_is_barred_from_a_joining_report_is_barred_from_the_case_and_its_other_reports(
    cast: Organisation, browser_of: Browser, acknowledged: Report
) -> None:
    assess(browser_of, cast.officer, acknowledged, triage_answers(cast))
    case = Case.objects.get()
    assert cases_visible_to(cast.board_member).filter(pk=case.pk).exists()
    second = a_report(by=cast.staff, now=timezone.now(), about=[cast.board_member])
    acknowledge_report(second, by=cast.officer, now=timezone.now())

    assess(browser_of, cast.officer, second, triage_answers(cast, way_out="existing_case", case=case.reference))

    assert not cases_visible_to(cast.board_member).filter(pk=case.pk).exists()
    barred = Barred.objects.filter(user=cast.board_member, lifted_at=None).values_list("row_type", "row_pk")
    assert {("cases.case", case.pk), ("cases.report", acknowledged.pk), ("cases.report", second.pk)} <= set(barred)


def test_a_minor_matter_is_kept_with_its_talk_and_opens_no_case(cast: Organisation, browser_of: Browser, acknowledged: Report) -> None:
    answers = triage_answers(cast, way_out="low_level", seen="Shouted once.", talk_with="The trainer", risk_level="none", next_what="")

    assess(browser_of, cast.officer, acknowledged, answers)

    kept = LowLevelRecord.objects.get()
    assert (kept.seen, kept.talk_by_user, Case.objects.exists()) == ("Shouted once.", cast.officer, False)
    step = ResponseStep.objects.get()
    assert (step.owner, step.due_at) == (cast.officer, kept.talk_due_at)
    assert Notice.objects.filter(user=cast.volunteer, duty="finished", channel="inapp").exists()

    browser_of(cast.officer).post(f"/steps/{step.reference}/done/")

    kept.refresh_from_db()
    assert kept.talked_at is not None


def test_not_a_concern_takes_two_people(cast: Organisation, browser_of: Browser, acknowledged: Report) -> None:
    answers = triage_answers(cast, way_out="not_a_concern", reasons="Two children were playing.")
    assess(browser_of, cast.officer, acknowledged, answers)
    assert Report.objects.get(pk=acknowledged.pk).status == "triaged"
    address = f"/reports/{acknowledged.reference}/not-a-concern/"

    alone = browser_of(cast.officer).post(address, {"agree": "yes"})
    assert alone.status_code == 403

    assert Notice.objects.filter(user=cast.board_lead, duty="second_person", channel="inapp").count() == 1
    browser_of(cast.board_lead).post(address, {"agree": "yes"})

    assert Report.objects.get(pk=acknowledged.pk).status == "not_a_concern"
    assert NotAConcern.objects.get().decided_by == cast.board_lead


def test_the_second_person_may_send_it_back_with_a_reason_and_a_new_clock(
    cast: Organisation, browser_of: Browser, acknowledged: Report
) -> None:
    assess(browser_of, cast.officer, acknowledged, triage_answers(cast, way_out="not_a_concern", reasons="Two children were playing."))
    address = f"/reports/{acknowledged.reference}/not-a-concern/"

    silent = browser_of(cast.board_lead).post(address, {"agree": "no"})
    assert "Write why it should be looked at again." in silent.content.decode()

    browser_of(cast.board_lead).post(address, {"agree": "no", "reason": "The child has a bruise."})

    assert Report.objects.get(pk=acknowledged.pk).status == "acknowledged"
    again = Deadline.objects.get(row_pk=acknowledged.pk, row_type="cases.report", kind="cases.triage", satisfied_at=None)
    assert timedelta(hours=23) < again.due_at - timezone.now() <= timedelta(hours=24)


def test_the_database_refuses_one_person_as_both(cast: Organisation, acknowledged: Report) -> None:
    now = timezone.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        NotAConcern.objects.create(
            report=acknowledged,
            proposed_at=now,
            proposed_by=cast.officer,
            reason="x",
            decided_at=now,
            decided_by=cast.officer,
            confirmed=True,
        )


def test_a_line_manager_of_someone_named_is_shown_the_tie_and_may_not_decide(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), about=[cast.trainer])
    acknowledge_report(report, by=cast.officer, now=timezone.now())
    browser = browser_of(cast.officer)

    page = browser.get(f"/reports/{report.reference}/triage/").content.decode()
    answer = browser.post(f"/reports/{report.reference}/triage/", triage_answers(cast))

    assert "You are the line manager of someone this report names." in page
    assert answer.status_code == 403
    assert not Triage.objects.exists()


def test_whoever_is_found_on_the_register_cannot_learn_of_the_report_any_more(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.staff, now=timezone.now(), danger="yes", alleged=[NamedPerson(name="Edi")])
    assert browser_of(cast.board_member).get(f"/reports/{report.reference}/").status_code == 200
    browser = browser_of(cast.officer)

    page = browser.post(f"/reports/{report.reference}/identify/?person=1", {"name": "prifti"}).content.decode()
    code = page.split('name="found"')[1].split('value="')[1].split('"')[0]
    browser.post(f"/reports/{report.reference}/identify/?person=1", {"name": "prifti", "found": code})

    assert report.alleged_people.get().person == cast.board_member.person
    assert browser_of(cast.board_member).get(f"/reports/{report.reference}/").status_code == 404


def test_duplicates_are_found_in_another_spelling_and_only_among_what_one_sees(cast: Organisation) -> None:
    first = a_report(by=cast.staff, now=timezone.now(), children=[NamedChild(name="Gëzim Çela")])
    hidden = a_report(by=cast.staff, now=timezone.now(), children=[NamedChild(name="Gezim Cela")], about=[cast.officer])
    report = a_report(by=cast.volunteer, now=timezone.now(), children=[NamedChild(name="Gezim Cela")])
    namesake = a_report(by=cast.volunteer, now=timezone.now(), children=[NamedChild(name="Gezim Hysa")])

    found = possible_duplicates(report, cast.officer)

    assert found == [first]
    assert hidden not in found
    assert namesake not in found


def test_one_first_name_with_a_birth_year_within_one_is_a_possible_duplicate(cast: Organisation) -> None:
    first = a_report(by=cast.staff, now=timezone.now(), children=[NamedChild(name="Era", born_on="2015-03-01")])
    report = a_report(by=cast.volunteer, now=timezone.now(), children=[NamedChild(name="Era", born_on="2016")])

    assert possible_duplicates(report, cast.officer) == [first]


def test_identifying_oneself_ends_in_the_dashboard_and_not_in_a_page_one_may_not_know(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.staff, now=timezone.now(), alleged=[NamedPerson(name="Drejtori")])
    alleged = report.alleged_people.get()

    identify_alleged_person(alleged, cast.officer.person, by=cast.board_lead, now=timezone.now())

    assert browser_of(cast.officer).get(f"/reports/{report.reference}/").status_code == 404


def test_scenario_1_up_to_triage(cast: Organisation) -> None:
    """Tuesday: aware at 10:00, filed at 11:20, assessed at 12:00 as a possible crime: the referral is due Wednesday at 12:00."""
    aware, filed, assessed = (to_utc(date(2026, 12, 1), time(hour, minute)) for hour, minute in ((10, 0), (11, 20), (12, 0)))
    report = a_report(
        by=cast.trainer, now=filed, aware_from=aware, situations=["4"], exact_words="Fqinji më preku.", children=[NamedChild(name="Era")]
    )
    acknowledge_report(report, by=cast.officer, now=filed)
    judgement = Judgement(
        way_out="new_case",
        safety="action_taken",
        categories=["sexual"],
        risk_level="high",
        possible_crime="yes",
        authority="police",
        best_interests="She is with her mother and out of reach of the neighbour.",
        wishes="She does not want to go back there.",
        next_action=NextAction(what="Call 129.", owner=cast.officer, due_at=assessed + timedelta(minutes=30)),
    )

    triage_report(report, judgement, by=cast.officer, now=assessed)

    report.refresh_from_db()
    referral = Referral.objects.get()
    assert report.timeliness == "on_time"
    assert referral.due_at == to_utc(date(2026, 12, 2), time(12, 0))
    assert report.case is not None
    assert report.case.contact_due_at == to_utc(date(2026, 12, 2), time(12, 0))
    assert report.case.review_due_at == to_utc(date(2026, 12, 4), time(12, 0))

    complete_referral(referral, number="129-4471", by=cast.officer, now=to_utc(date(2026, 12, 1), time(12, 30)))
    assert Referral.objects.get().done_at == to_utc(date(2026, 12, 1), time(12, 30))
