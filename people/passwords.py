"""Words of our own surroundings make no password: whoever guesses tries them first (ASVS 6.1.2, 6.2.11)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.folding import fold

if TYPE_CHECKING:
    from people.models import User

OWN_WORDS = (
    "safeguarding",
    "mbrojtja",
    "mbrojtje",
    "protection",
    "femijeve",
    "femijet",
    "femije",
    "children",
    "child",
    "director",
    "drejtori",
    "drejtor",
    "shqiperia",
    "shqiperi",
    "albania",
    "tirana",
    "tirane",
    "fjalekalimi",
    "fjalekalim",
    "password",
    "welcome",
    "mireseerdhe",
    "aset",
    "demo",
)
"""The organisation, the product, the place, the posts, and what people type when asked for a password; longest first."""
LEAST_BESIDE_THEM = 8
_WORD = re.compile("|".join(OWN_WORDS))


class OwnWords:
    """Takes these words, years and signs away and wants enough left over."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for "Aset Safeguarding 2026!"."""
        left = re.sub(r"(19|20)\d\d|[\W_]", "", _WORD.sub("", fold(password)))
        if len(left) < LEAST_BESIDE_THEM:
            raise ValidationError(self.get_help_text(), code="password_of_own_words")

    def get_help_text(self) -> str:
        """Said with the refusal."""
        return _("This is too easy to guess here. Use four unrelated words, none of them ASET, child, protection or a place.")
