"""Model fields whose content is sealed before it reaches the database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from django import forms
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from common.crypto import seal, unseal

if TYPE_CHECKING:
    _SealedText = models.Field[str | None, Any]
    _SealedJSON = models.Field[Any, Any]
else:
    _SealedText = _SealedJSON = models.Field


class _Sealing(models.Field):  # type: ignore[type-arg]
    """A bytea column, sealed for "app.model.field"; NULL stays NULL, "" stays "".

    The context is fixed when the field first joins a concrete model and travels with every
    copy, so that a history table opens with the tracked model's name; migrations carry it,
    so that renaming a model does not lock its rows.
    """

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        if self.context:
            kwargs["context"] = self.context
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not self.context and not cls._meta.abstract:
            self.context = f"{cls._meta.label_lower}.{name}"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        """Only "is it filled" can be asked of ciphertext; a search goes through tokens."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        self._refuse(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        self._refuse(lookup_name)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None:
            return None
        sealed = seal(self.to_plain(value), context=self.context)
        return connection.Database.Binary(sealed)  # type: ignore[attr-defined]

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None:
            return None
        return self.from_plain(unseal(bytes(value), context=self.context))

    def to_plain(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_plain(self, plain: bytes) -> Any:
        raise NotImplementedError

    def _refuse(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.name} is sealed: it cannot be asked for {lookup_name}")


class SealedTextField(_Sealing, _SealedText):
    """Text that only the application can read."""

    def to_plain(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self.name} holds text, not {type(value).__name__}")
        return value.encode()

    def from_plain(self, plain: bytes) -> str:
        return plain.decode()

    def to_python(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        defaults = {
            "form_class": forms.CharField,
            "max_length": self.max_length,
            "widget": forms.Textarea,
        }
        return super().formfield(**{**defaults, **kwargs})


class SealedJSONField(_Sealing, _SealedJSON):
    """Anything JSON can say, sealed as a whole: nothing inside it can be queried."""

    def to_plain(self, value: Any) -> bytes:
        return json.dumps(value, cls=DjangoJSONEncoder, separators=(",", ":")).encode()

    def from_plain(self, plain: bytes) -> Any:
        return json.loads(plain)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.JSONField, **kwargs})
