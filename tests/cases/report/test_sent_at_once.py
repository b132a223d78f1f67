"""Two presses of "send" in the same instant: one report."""

import threading
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from cases.actions.drafts import begin_draft, save_draft, send_draft
from cases.models import Report
from tests.factories.people import the_organisation


def test_sent_from_two_tabs_in_the_same_instant_it_is_one_report(committed_db: Any) -> None:
    cast, now = the_organisation(), timezone.now()
    draft = begin_draft(cast.volunteer, token=uuid.uuid4(), now=now)
    save_draft(draft, step="what-happened", answer={"account": ["Kam frikë për Erën."]}, now=now)
    together, receipts = threading.Barrier(4), []

    def send() -> None:
        together.wait()
        receipts.append(send_draft(draft, language="sq", now=now).reference)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(receipts) == 4
    assert len(set(receipts)) == 1
    assert Report.objects.count() == 1


def test_begun_from_two_tabs_in_the_same_instant_it_is_one_draft(committed_db: Any) -> None:
    cast, now, token = the_organisation(), timezone.now(), uuid.uuid4()
    together, drafts = threading.Barrier(4), []

    def begin() -> None:
        together.wait()
        drafts.append(begin_draft(cast.volunteer, token=token, now=now).pk)
        connection.close()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(drafts) == 4
    assert len(set(drafts)) == 1
