"""Following, cancelling and fetching one's own jobs."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.recording import record
from common.paging import KeysetPage
from common.requests import AuthenticatedRequest
from common.workflow import MoveNotAllowed
from files.actions import open_file
from files.sealed_store import FileDamaged
from jobs import actions
from jobs.models import Job
from jobs.permissions import can_download, jobs_visible_to
from jobs.registry import kind_of


@require_GET
@login_required
def jobs(request: AuthenticatedRequest) -> HttpResponse:
    """One's own jobs, newest first."""
    page = KeysetPage(jobs_visible_to(request.user), order=("-pk",), cursor=request.GET.get("from", ""))
    rows = [(row, kind_of(row).label, row.is_fetchable(timezone.now())) for row in page.rows]
    return render(request, "jobs/jobs.html", {"page": page, "rows": rows})


@require_GET
@login_required
def job(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """How far a job is; follows by itself only while there is something to wait for."""
    return _page(request, get_object_or_404(jobs_visible_to(request.user), reference=reference))


@require_POST
@login_required
def cancel(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Stop a job; too late is said, not punished."""
    job = get_object_or_404(jobs_visible_to(request.user), reference=reference)
    try:
        actions.cancel(job, by=request.user, now=timezone.now())
    except MoveNotAllowed:
        messages.info(request, _("It was already over."))
    return redirect(job)


@require_GET
@login_required
def download(request: AuthenticatedRequest, reference: str) -> HttpResponseBase:
    """The result, to its owner, within its hours, while the kind's own rule still holds."""
    job = get_object_or_404(jobs_visible_to(request.user).select_related("result"), reference=reference)
    if not can_download(request.user, job) or not job.is_fetchable(timezone.now()) or job.result is None:
        return _page(request, job, status=410)
    try:
        content = open_file(job.result)
    except FileDamaged:
        record("file.damaged", job.result, by=request.user)
        messages.error(request, _("This document cannot be opened. Please make it again."))
        return redirect(job)
    record("job.downloaded", job, by=request.user)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=job.result.name or job.reference),
        "Content-Length": str(job.result.size),
        "Cache-Control": "no-store, private",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(content, content_type=job.result.content_type, headers=headers)


def _page(request: AuthenticatedRequest, job: Job, status: int = 200) -> HttpResponse:
    context = {"job": job, "label": kind_of(job).label, "is_fetchable": job.is_fetchable(timezone.now())}
    return render(request, "jobs/job.html", context, status=status)
