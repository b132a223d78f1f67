"""The pages of a job: followed, cancelled and fetched by its owner, unknown to everyone else."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from jobs import actions
from jobs.models import Job
from jobs.workflow import State
from tests.jobs.conftest import Work

Account = Callable[[str], Any]


@pytest.fixture
def owner(account: Account) -> Any:
    return account("director")


@pytest.fixture
def browser(owner: Any, client: Client, settings: Any) -> Client:
    settings.MFA_REQUIRED = False
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def job(work: Work, owner: Any) -> Job:
    return actions.start("test.document", by=owner, params={}, purpose="x", language="en")


@pytest.fixture
def done(job: Job) -> Job:
    actions.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_waiting_job_shows_progress_follows_by_itself_and_offers_a_link_without_a_script(browser: Client, job: Job) -> None:
    page = browser.get(job.get_absolute_url())

    assert page.status_code == 200
    assert f'href="{job.get_absolute_url()}"'.encode() in page.content
    assert b'hx-trigger="every 2s"' in page.content
    assert b"<progress" in page.content
    assert b"/cancel/" in page.content


def test_a_job_that_is_over_does_not_refresh_and_offers_its_result(browser: Client, done: Job) -> None:
    page = browser.get(done.get_absolute_url()).content

    assert b"hx-trigger" not in page
    assert f"/jobs/{done.reference}/download/".encode() in page
    assert b"/cancel/" not in page


def test_the_result_is_downloaded_as_an_attachment_and_that_is_an_event(browser: Client, done: Job) -> None:
    answer = browser.get(f"/jobs/{done.reference}/download/")

    assert b"".join(answer.streaming_content) == b"%PDF the result"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == f'attachment; filename="{done.reference}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.get(kind="job.downloaded").actor_id == done.owner_id


def test_a_result_past_its_hour_is_not_given_out_even_before_the_sweep(browser: Client, done: Job) -> None:
    Job.objects.filter(pk=done.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    answer = browser.get(f"/jobs/{done.reference}/download/")

    assert answer.status_code == 410
    assert f'href="/jobs/{done.reference}/download/"'.encode() not in answer.content
    assert not Event.objects.filter(kind="job.downloaded").exists()


def test_whoever_lost_the_right_meanwhile_gets_nothing(browser: Client, done: Job, work: Work) -> None:
    work.allowed = False

    assert browser.get(f"/jobs/{done.reference}/download/").status_code == 410


def test_a_job_that_is_not_done_has_nothing_to_download(browser: Client, job: Job) -> None:
    assert browser.get(f"/jobs/{job.reference}/download/").status_code == 410


def test_a_damaged_result_is_said_and_recorded_and_not_half_sent(browser: Client, done: Job, settings: Any) -> None:
    assert done.result is not None
    path = Path(settings.FILES_DIR) / str(done.result.place)
    path.write_bytes(path.read_bytes()[:-3])

    answer = browser.get(f"/jobs/{done.reference}/download/")

    assert answer.status_code == 302
    assert Event.objects.filter(kind="file.damaged").count() == 1


def test_cancelling_is_one_press(browser: Client, job: Job) -> None:
    answer = browser.post(f"/jobs/{job.reference}/cancel/", follow=True)

    job.refresh_from_db()
    assert answer.status_code == 200
    assert job.state == State.CANCELLED


def test_cancelling_too_late_is_no_fault(browser: Client, done: Job) -> None:
    answer = browser.post(f"/jobs/{done.reference}/cancel/", follow=True)

    done.refresh_from_db()
    assert answer.status_code == 200
    assert done.state == State.DONE


def test_a_page_that_was_only_looked_at_cancels_nothing(browser: Client, job: Job) -> None:
    assert browser.get(f"/jobs/{job.reference}/cancel/").status_code == 405


@pytest.mark.parametrize("address", ["", "cancel/", "download/"])
def test_another_persons_job_does_not_exist(account: Account, client: Client, settings: Any, done: Job, address: str) -> None:
    settings.MFA_REQUIRED = False
    client.force_login(account("deputy"), backend=settings.AUTHENTICATION_BACKENDS[0])
    ask = client.post if address == "cancel/" else client.get

    theirs = ask(f"/jobs/{done.reference}/{address}")
    nobodys = ask(f"/jobs/J-0000-0000/{address}")

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content.replace(done.reference.encode(), b"J-0000-0000") == nobodys.content


@pytest.mark.parametrize("address", ["", "x/", "x/download/"])
def test_a_stranger_is_asked_to_sign_in(client: Client, db: None, address: str) -> None:
    assert client.get(f"/jobs/{address}").status_code == 302


def test_the_list_shows_own_jobs_only_and_costs_the_same_for_many(
    browser: Client, owner: Any, account: Account, work: Work, django_assert_max_num_queries: Any
) -> None:
    others = actions.start("test.document", by=account("deputy"), params={}, purpose="x")
    own = [actions.start("test.document", by=owner, params={}, purpose="x") for _ in range(30)]

    with django_assert_max_num_queries(12):
        page = browser.get("/jobs/").content.decode()

    assert page.count("/jobs/J-") == 25
    assert others.reference not in page
    assert own[-1].reference in page
    assert own[0].reference not in page
    assert 'rel="next"' in page


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_every_end_has_its_words(browser: Client, job: Job, state: State) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, ended_at=timezone.now())

    page = browser.get(job.get_absolute_url())

    assert page.status_code == 200
    assert b"/download/" not in page.content
