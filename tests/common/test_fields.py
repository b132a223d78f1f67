"""Sealed fields: readable through the application, ciphertext in the table, closed to queries."""

import copy
from typing import Any

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models

from common.crypto import SealBroken
from common.fields import SealedJSONField, SealedTextField


class Diary(models.Model):
    """A model of this test alone; its table lives in a transaction that is rolled back."""

    words = SealedTextField(null=True, max_length=1000)
    notes = SealedTextField(default="", blank=True)
    details = SealedJSONField(null=True)

    class Meta:
        app_label = "diaries"  # not installed: no migration, no table


class HistoricalDiary(models.Model):
    """Its column is a copy of the tracked one, made the way simple-history makes it."""

    words = copy.copy(Diary._meta.get_field("words"))

    class Meta:
        app_label = "diaries"


class Template(models.Model):
    """An abstract parent: its field is fixed only in the child."""

    words = SealedTextField()

    class Meta:
        abstract = True


class Heir(Template):
    class Meta:
        app_label = "diaries"  # not installed: no migration, no table


@pytest.fixture
def diary(db: None) -> type[Diary]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE diaries_diary (id bigserial PRIMARY KEY, words bytea, notes bytea, details bytea)")
        cursor.execute("CREATE TEMPORARY TABLE diaries_historicaldiary (id bigserial PRIMARY KEY, words bytea)")
    return Diary


def raw(column: str, table: str = "diaries_diary") -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


def test_words_come_back_and_the_table_holds_none_of_them(diary: type[Diary]) -> None:
    diary.objects.create(words="Më tha: “ë” 😀\0")

    assert diary.objects.get().words == "Më tha: “ë” 😀\0"
    assert b"tha" not in (raw("words") or b"")


def test_empty_stays_empty_and_nothing_stays_null(diary: type[Diary]) -> None:
    diary.objects.create(words=None, notes="")

    row = diary.objects.get()

    assert (row.words, row.notes) == (None, "")
    assert raw("words") is None
    assert raw("notes") is not None


@pytest.mark.parametrize("value", [{"name": "Gëzim", "years": [1, 2]}, [], "", 0, False])
def test_json_comes_back_as_it_was(diary: type[Diary], value: Any) -> None:
    diary.objects.create(details=value)

    assert diary.objects.get().details == value


def test_the_history_copy_is_sealed_and_opens_under_the_tracked_name(diary: type[Diary]) -> None:
    diary.objects.create(words="before")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO diaries_historicaldiary (words) SELECT words FROM diaries_diary")

    assert HistoricalDiary.objects.get().words == "before"
    assert b"before" not in (raw("words", "diaries_historicaldiary") or b"")
    assert HistoricalDiary._meta.get_field("words").context == "diaries.diary.words"


def test_a_child_of_an_abstract_model_seals_under_its_own_name() -> None:
    assert Heir._meta.get_field("words").context == "diaries.heir.words"


def test_migrations_carry_the_context_so_that_a_rename_locks_nothing() -> None:
    field = Diary._meta.get_field("words")

    assert field.deconstruct()[3]["context"] == "diaries.diary.words"
    assert field.clone().context == "diaries.diary.words"


def test_ciphertext_moved_to_another_column_is_refused_not_shown(diary: type[Diary]) -> None:
    diary.objects.create(words="the words", notes="the notes")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE diaries_diary SET notes = words")

    with pytest.raises(SealBroken):
        diary.objects.get()


@pytest.mark.parametrize("lookup", ["words", "words__contains", "words__in", "words__iexact", "words__length", "details__name"])
def test_a_sealed_field_answers_no_query_about_its_content(diary: type[Diary], lookup: str) -> None:
    with pytest.raises(FieldError, match="sealed"):
        list(diary.objects.filter(**{lookup: "x"}))


def test_whether_it_is_filled_can_be_asked(diary: type[Diary]) -> None:
    diary.objects.create(words="x")
    diary.objects.create()

    assert diary.objects.filter(words__isnull=False).count() == 1


def test_an_update_of_many_rows_seals_too(diary: type[Diary]) -> None:
    diary.objects.bulk_create([diary(words="one")])
    diary.objects.update(words="changed")

    assert diary.objects.get().words == "changed"
    assert b"changed" not in (raw("words") or b"")


def test_something_that_is_no_text_is_refused(diary: type[Diary]) -> None:
    with pytest.raises(TypeError):
        diary.objects.create(words=b"bytes")


def test_the_longest_allowed_text_is_said_to_the_form_and_checked_by_the_model() -> None:
    assert Diary._meta.get_field("words").formfield().max_length == 1000
    with pytest.raises(ValidationError):
        Diary(words="x" * 1001).clean_fields()
