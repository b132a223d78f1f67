"""Kinds of job that the tests can steer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobs import registry
from jobs.models import Job
from jobs.registry import Progress


class Work:
    """A kind of job that does what the test tells it, and remembers what happened."""

    def __init__(self) -> None:
        self.runs: list[int] = []
        self.does: Callable[[Job, Progress], bytes] = lambda _job, _progress: b"%PDF the result"
        self.allowed = True

    def run(self, job: Job, progress: Progress) -> bytes:
        self.runs.append(job.pk)
        return self.does(job, progress)

    def may_download(self, _user: Any, _job: Job) -> bool:
        return self.allowed


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Work:
    settings.FILES_DIR = tmp_path
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    monkeypatch.setattr("jobs.actions._send", lambda _pk: None)
    steered = Work()
    registry.register("test.document", steered.run, may_download=steered.may_download, label="Test document")
    return steered


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Callable[[str], Any]:
    """Makes a plain account, in the test's transaction or in its committed database."""
    if "committed_db" in request.fixturenames:
        request.getfixturevalue("committed_db")
    else:
        request.getfixturevalue("db")

    def make(name: str) -> Any:
        from django.contrib.auth import get_user_model

        return get_user_model().objects.create_user(login_name=f"{name}@demo.example")

    return make
