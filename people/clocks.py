"""Kinds of notice that people send; none of them waits for anything, so there is no ladder here."""

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deadlines import kinds

CREDENTIALS_CHANGED = "people.credentials_changed"
APPROVAL_WANTED = "people.approval_wanted"
POST_EMPTY = "people.post_empty"
TIE_DECLARED = "people.tie_declared"


def _profile(reader: Any, row: Model) -> str:
    return reverse("people:profile")


def _posts(reader: Any, row: Model) -> str:
    return reverse("people:appointments")


def _approvals(reader: Any, row: Model) -> str:
    return reverse("people:credential_changes")


def register_kinds() -> None:
    """Called once when the app is ready."""
    kinds.register(
        kinds.Kind(
            CREDENTIALS_CHANGED,
            _("Your sign-in was changed"),
            _("Your sign-in was changed. If this was not you, call the technical administrator now."),
            _profile,
            urgent=True,
            duties={
                "password": _("Your password was changed. If this was not you, call the technical administrator now."),
                "login_name": _("Your login name was changed. If this was not you, call the technical administrator now."),
                "second_factor": _("Your second factor was reset. If this was not you, call the technical administrator now."),
            },
        )
    )
    kinds.register(
        kinds.Kind(
            APPROVAL_WANTED,
            _("A change of sign-in waits for your approval"),
            _("A change of sign-in waits for a second person."),
            _approvals,
            duties={"decide": _("Call the person on a number you know, then approve or refuse.")},
        )
    )
    kinds.register(
        kinds.Kind(
            TIE_DECLARED,
            _("A tie between two people was declared"),
            _("A tie between two people was declared."),
            _profile,
            duties={"know": _("A tie of someone in a post was declared: it decides who may read what. Say so if it is wrong.")},
        )
    )
    kinds.register(
        kinds.Kind(
            POST_EMPTY,
            _("A post has nobody in it"),
            _("A post has nobody in it."),
            _posts,
            urgent=True,
            duties={"appoint": _("Nobody holds a post that receives reports. Propose an appointment, or record it as vacant.")},
        )
    )
