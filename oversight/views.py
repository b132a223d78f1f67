"""The home page, and the pages from which documents are taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from oversight.addresses import address_of
from oversight.home import areas_for, unsent_drafts

if TYPE_CHECKING:
    from people.models import User


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What this person can do and what waits; without an account, the sign-in page."""
    user = cast("User", request.user)
    context = {
        "areas": areas_for(user, timezone.now()),
        "drafts": unsent_drafts(user),
        "drafts_url": address_of("cases:drafts"),
        "report_url": address_of("cases:report_start"),
    }
    return render(request, "oversight/home.html", context)


exports = export_reporting_audit = export_report = export_case = home
