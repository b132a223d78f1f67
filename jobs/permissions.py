"""A job belongs to whoever started it, and to nobody else."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from jobs.models import Job
from jobs.registry import kind_of


def jobs_visible_to(user: AbstractBaseUser) -> QuerySet[Job]:
    """Own jobs: even that a PDF about a case was made must not show to anyone else (R-74)."""
    return Job.objects.filter(owner_id=user.pk)


def can_download(user: AbstractBaseUser, job: Job) -> bool:
    """The owner, and only while the kind's own rule still holds for this person."""
    return job.owner_id == user.pk and kind_of(job).may_download(user, job)
