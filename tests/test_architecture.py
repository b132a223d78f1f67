"""The rules of docs/architecture.md that a machine can check."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from common.retention import RetentionClass

ROOT = Path(__file__).resolve().parent.parent
OUR_APPS = ["audit", "files", "jobs", "deadlines", "people", "cases", "oversight"]
MAY_QUERY_CASES = re.compile(r"cases/(models|permissions|actions|queries|searching|queries_drafts|clocks|management)")


def sources(*apps_: str) -> Iterator[Path]:
    """Every module of ours but migrations."""
    for app in apps_ or (*OUR_APPS, "common", "aset_safeguarding"):
        yield from (file for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts)


def our_models() -> list[type[models.Model]]:
    return [model for label in OUR_APPS for model in apps.get_app_config(label).get_models() if not model.__name__.startswith("Historical")]


def test_views_never_reach_past_the_access_rule() -> None:
    """Report.objects and Case.objects belong to models, permissions, actions and queries (architecture.md)."""
    offenders = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in sources("cases", "oversight", "people")
        if not MAY_QUERY_CASES.search(file.as_posix()) and "oversight/demo" not in file.as_posix()
        for match in re.finditer(r"\b(Report|Case)\.objects\b", file.read_text(encoding="utf-8"))
    ]

    assert offenders == []


def test_django_permissions_are_asked_only_where_access_is_decided() -> None:
    """has_perm, get_objects_for_user and is_superuser stay in permissions.py (and in what refuses superusers)."""
    allowed = re.compile(r"permissions\.py$|people/(checks|models/|managers|backends)|management/commands/")
    offenders = [
        file.relative_to(ROOT).as_posix()
        for file in sources()
        if not allowed.search(file.as_posix())
        and re.search(r"\bhas_perm\b|get_objects_for_user|is_superuser", file.read_text(encoding="utf-8"))
    ]

    assert offenders == []


def test_no_task_is_sent_with_a_far_eta() -> None:
    """An ETA task is not a deadline (deadlines.md, fact 1): rows are."""
    offenders = [
        file.relative_to(ROOT).as_posix() for file in sources() if re.search(r"\b(countdown|eta)\s*=", file.read_text(encoding="utf-8"))
    ]

    assert offenders == []


def test_tasks_are_sent_only_through_wake_up() -> None:
    """A bare .delay() holds the page for seconds when Redis is away (stack.md section 4)."""
    offenders = [
        file.relative_to(ROOT).as_posix()
        for file in sources()
        if re.search(r"\.delay\(|\.apply_async\(", file.read_text(encoding="utf-8"))
        and file.name != "waking.py"
        and file.name != "tasks.py"
    ]

    assert offenders == []


def test_twenty_four_hours_are_written_in_one_place() -> None:
    """Time rules live in limits, clocks and Board settings; nobody writes timedelta(hours=24) elsewhere."""
    offenders = [
        file.relative_to(ROOT).as_posix()
        for file in sources()
        if re.search(r"timedelta\(hours=24\)", file.read_text(encoding="utf-8"))
        and file.name not in {"limits.py", "localtime.py", "clocks.py", "keeping.py"}
        and "demo" not in file.as_posix()
    ]

    assert offenders == []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_with_sealed_or_personal_data_declares_how_long_it_is_kept(model: type[models.Model]) -> None:
    """R-93: a record without a retention class cannot be closed."""
    sealed = [field.name for field in model._meta.get_fields() if type(field).__name__.startswith("Sealed")]
    points_at_people = [
        field.name
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and field.related_model is apps.get_model("people.Person")
    ]

    if sealed or points_at_people:
        assert isinstance(getattr(model, "retention", None), RetentionClass), f"{model._meta.label} has {sealed + points_at_people}"


def test_functions_and_files_stay_short() -> None:
    """docs style: no function over 50 lines, no file over 400."""
    too_long = []
    for file in sources():
        text = file.read_text(encoding="utf-8")
        if text.count("\n") > 400:
            too_long.append(f"{file.relative_to(ROOT)}: {text.count(chr(10))} lines")
        functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
        too_long += [f"{file.relative_to(ROOT)}: {node.name}" for node in functions if (node.end_lineno or 0) - node.lineno >= 50]

    assert too_long == []


@pytest.mark.django_db
def test_the_runtime_role_is_no_superuser_and_owns_nothing() -> None:
    """Grants are a barrier only for a role that cannot give them to itself (architecture.md, "Three database roles")."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (settings.RUNTIME_ROLE, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = current_user")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = current_user")
        assert cursor.fetchone() == (0,)


def append_only_tables() -> list[str]:
    """Audit, escalations and every history table."""
    fixed = ["audit_event", "audit_eventtext", "audit_seal", "deadlines_escalation", "cases_reportaddition", "cases_triage"]
    history = [
        model._meta.db_table
        for label in OUR_APPS
        for model in apps.get_app_config(label).get_models()
        if model.__name__.startswith("Historical")
    ]
    return fixed + history


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.parametrize("table", append_only_tables())
def test_the_runtime_role_cannot_change_what_is_written_once(table: str, verb: str) -> None:
    """Tried for real, not read from a catalogue."""
    statement = {
        "UPDATE": f"UPDATE {table} SET {_a_column(table)} = {_a_column(table)}",
        "DELETE": f"DELETE FROM {table}",
        "TRUNCATE": f"TRUNCATE {table} CASCADE",
    }[verb]

    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute(statement)


def _a_column(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)[0].name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table", ["cases_report", "cases_case", "cases_affectedchild", "cases_allegedperson", "people_user", "deadlines_deadline"]
)
def test_the_runtime_role_cannot_delete_what_must_stay(table: str) -> None:
    """R-79: no field, role or job can delete a report."""
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute(f"DELETE FROM {table}")
