"""How long each kind of record is kept (requirements A-26, R-93)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RetentionClass(TextChoices):
    """Declared by every model with personal data as its class attribute `retention`.

    The Board and counsel confirm the periods; a record without a class cannot be closed.
    """

    CHILD_FILE = "child_file", _("Child file: to age 25 or 10 years after closure, the later")
    ADULT_ALLEGATION = (
        "adult_allegation",
        _("Allegation against an adult: to retirement age or 10 years, the longer"),
    )
    LOW_LEVEL = "low_level", _("Low-level concern: end of affiliation and 10 years")
    CONSENT = "consent", _("Consent and activity register: life of the publication and 3 years")
    AFFILIATION = "affiliation", _("Account, training, recruitment: end of affiliation and 10 years")
    CANDIDATE = "candidate", _("Unsuccessful candidate: 12 months")
    VISITOR = "visitor", _("Visitor: 3 years")
    MEDIA = "media", _("Media originals: 12 months after the consent ends")
    AUDIT = "audit", _("Audit log: as long as the longest-kept record")
    OPERATIONAL = "operational", _("Drafts, notices and jobs: until done and 30 days")
