"""Setup appoints the first people once; production refuses what is unsafe."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from audit.models import Event
from deadlines.queries import holder_of, is_vacant_by_decision
from people import roles
from people.checks import database_problems, production_problems, refuse_unsafe_production, settings_problems
from people.models import BoardDecision, User
from people.permissions import roles_of
from tests.factories.people import a_user

pytestmark = pytest.mark.django_db


def a_plan(**changes) -> dict:
    director = {"name": "Agim Hoxha", "login_name": "agim@aset.example", "email": "agim@aset.example"}
    posts = {
        "DIRECTOR": director,
        "CHILD_PROTECTION_OFFICER": {"same_as": "DIRECTOR", "act_number": "12/2026", "act_on": "2026-11-01"},
        "BOARD_LEAD": {"name": "Çlirim Dervishi", "login_name": "0691112223"},
        "TECHNICAL_ADMIN": {"name": "Petrit Ndoja", "login_name": "petrit"},
        "DEPUTY": {"vacant_until": "2030-01-31"},
        "ALTERNATE": {"vacant_until": "2030-01-31"},
    }
    return {"posts": posts | changes, "dpia_decision": {"number": "5/2026", "decided_on": "2026-11-02"}}


def run(tmp_path, plan: dict) -> str:
    file, out = tmp_path / "plan.json", StringIO()
    file.write_text(json.dumps(plan), encoding="utf-8")
    call_command("setup", from_file=file, stdout=out)
    return out.getvalue()


def test_setup_appoints_everyone_and_is_an_event(tmp_path) -> None:
    printed = run(tmp_path, a_plan())

    director = User.objects.get(login_name="agim@aset.example")
    assert roles_of(director) == {roles.DIRECTOR, roles.CPO, roles.REPORTER}
    assert director.must_change_password
    assert holder_of(roles.BOARD_LEAD, timezone.now()).login_name == "+355691112223"
    assert is_vacant_by_decision(roles.DEPUTY, timezone.now())
    assert BoardDecision.objects.get().number == "5/2026"
    assert Event.objects.filter(kind="setup.done").count() == 1
    password = next(line.split()[-1] for line in printed.splitlines() if "agim@" in line)
    assert director.check_password(password)


def test_setup_works_once(tmp_path) -> None:
    run(tmp_path, a_plan())

    with pytest.raises(CommandError):
        run(tmp_path, a_plan())


@pytest.mark.parametrize(
    "changes",
    [
        {"CHILD_PROTECTION_OFFICER": {"same_as": "DIRECTOR"}},
        {"BOARD_LEAD": {"same_as": "DIRECTOR"}},
        {"BOARD_LEAD": {"name": "Same", "login_name": "AGIM@aset.example"}},
        {"TECHNICAL_ADMIN": {"same_as": "BOARD_LEAD"}},
        {"DEPUTY": {"vacant_until": "soon"}},
        {"DEPUTY": {}},
        {"BOARD_LEAD": {"vacant_until": "2030-01-31"}},
        {"KING": {"name": "A", "login_name": "b"}},
    ],
)
def test_setup_refuses_incomplete_and_forbidden_plans_and_writes_nothing(tmp_path, changes) -> None:
    with pytest.raises(CommandError):
        run(tmp_path, a_plan(**changes))

    assert not User.objects.exists()


def test_a_deputy_must_be_named_or_vacant_by_decision(tmp_path) -> None:
    plan = a_plan()
    del plan["posts"]["DEPUTY"]

    with pytest.raises(CommandError, match=r"."):
        run(tmp_path, plan)


def test_production_refuses_demonstration_data_superusers_and_a_missing_decision() -> None:
    a_user(login_name="director@demo.example", is_superuser=True)

    problems = " ".join(database_problems())

    assert "superuser account" in problems
    assert "demonstration" in problems
    assert "data protection impact assessment" in problems


def test_the_runtime_role_is_neither_superuser_nor_owner(tmp_path) -> None:
    run(tmp_path, a_plan())

    assert database_problems() == []


def test_production_refuses_default_keys_and_debug() -> None:
    with override_settings(DEBUG=True, SECRET_KEY="insecure", MFA_REQUIRED=False):
        problems = " ".join(settings_problems())

    assert "ASET_DEBUG" in problems
    assert "ASET_SECRET_KEY" in problems
    assert "default key" in problems
    assert "second factor" in problems


def test_a_production_server_does_not_start_with_any_of_it() -> None:
    from django.core.exceptions import ImproperlyConfigured

    with override_settings(PRODUCTION=True), pytest.raises(ImproperlyConfigured):
        refuse_unsafe_production()
    refuse_unsafe_production()


def test_check_production_ends_with_an_error_while_anything_is_wrong() -> None:
    err = StringIO()

    with pytest.raises(CommandError):
        call_command("check_production", stderr=err)

    assert len(err.getvalue().splitlines()) == len(production_problems())
