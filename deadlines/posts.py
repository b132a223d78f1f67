"""The posts a step of a ladder may address; who holds one is asked when the step fires, never before."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Post(models.TextChoices):
    """Posts of the policy (§4, A-05) and the one that hears of trouble in the machinery itself."""

    DIRECTOR = "DIRECTOR", _("Director")
    CHILD_PROTECTION_OFFICER = "CHILD_PROTECTION_OFFICER", _("Child protection officer")
    DEPUTY = "DEPUTY", _("Deputy child protection officer")
    BOARD_LEAD = "BOARD_LEAD", _("Board lead for child protection")
    ALTERNATE = "ALTERNATE", _("Alternate Board member")
    OUTSIDE_PERSON = "OUTSIDE_PERSON", _("Outside person")
    BOARD_MEMBER = "BOARD_MEMBER", _("Member of the Board case group")
    TECHNICAL_ADMIN = "TECHNICAL_ADMIN", _("Technical administrator")


SHARED_POSTS = (Post.BOARD_MEMBER.value, Post.TECHNICAL_ADMIN.value)
"""Posts that several people hold at once; every other has one holder, and the database refuses a second."""
