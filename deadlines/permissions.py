"""Who may read a notice: its addressee, unless barred from the row it is about."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from deadlines.models import Barred, Channel, Notice


def notices_visible_to(user: Any) -> QuerySet[Notice]:
    """Every inbox page, count and link asks here: own in-app notices, minus rows the reader is barred from (R-75)."""
    barred = Barred.objects.filter(user=OuterRef("user"), row_type=OuterRef("row_type"), row_pk=OuterRef("row_pk"), lifted_at=None)
    return Notice.objects.filter(~Exists(barred), user_id=user.pk, channel=Channel.INAPP)
