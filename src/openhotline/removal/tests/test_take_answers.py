"""What receivers say is followed where a machine may: nothing is believed, everything is looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.core import models as core
from openhotline.removal.models import Complaint, Notice, ProviderAnswer, Removal, code_of
from openhotline.removal.policies import ANSWER_COMPLAINT_WITHIN
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.keep_answer import keep_answer
from openhotline.removal.services.recheck_due import recheck_due
from openhotline.removal.services.take_answers import take_answers
from openhotline.removal.states import RemovalState, Said

pytestmark = pytest.mark.django_db
Noticed = Callable[[int], list[Removal]]


def answer(said: Said, now: datetime, text: str = "") -> None:
    kept = keep_answer(code=code_of(Notice.objects.get().public_id), said=said, text=text, now=now)
    assert [take_answers(ids=[kept.pk], actor="step:x", now=now) for _ in range(2)] == [1, 0]


def test_removed_only_brings_the_next_look_forward(noticed: Noticed, now: datetime) -> None:
    (removal,) = noticed(1)
    answer(Said.REMOVED, now)
    removal.refresh_from_db()
    assert removal.state == RemovalState.NOTICED
    assert recheck_due(actor="step:x", now=now, clock=lambda: now).missed == 1


def test_not_ours_has_the_host_asked_for_again_and_writes_to_the_same_only_once(
    noticed: Noticed, now: datetime
) -> None:
    (removal,) = noticed(1)
    answer(Said.NOT_OURS, now)
    assert core.Event.objects.filter(kind="RemovalsOpened").latest("pk").ids == [removal.pk]
    assert find_hosts(ids=[removal.pk], actor="step:x", now=now + timedelta(days=8)) == 0
    removal.refresh_from_db()
    assert (removal.state, Notice.objects.count()) == (RemovalState.NOTICED, 1)


def test_a_dispute_opens_a_complaint_with_its_clock(noticed: Noticed, now: datetime) -> None:
    noticed(1)
    answer(Said.DISPUTE, now, "It is a landscape.")
    complaint = Complaint.objects.get()
    assert (complaint.text, complaint.answer_by) == ("It is a landscape.", now + ANSWER_COMPLAINT_WITHIN)


def test_what_does_not_open_still_begins_the_clock(noticed: Noticed, now: datetime) -> None:
    noticed(1)
    kept = keep_answer(code=code_of(Notice.objects.get().public_id), said=Said.DISPUTE, text="x", now=now)
    ProviderAnswer.objects.update(sealed=b"changed")
    take_answers(ids=[kept.pk], actor="step:x", now=now)
    assert "does not open" in Complaint.objects.get().text
