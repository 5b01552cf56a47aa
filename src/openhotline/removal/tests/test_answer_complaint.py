"""A person answers a complaint; upheld, it stops what it was about."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.core import models as core
from openhotline.core.errors import NotNow
from openhotline.removal.models import Complaint, Notice, Removal
from openhotline.removal.services.answer_complaint import answer_complaint
from openhotline.removal.services.open_complaint import open_complaint
from openhotline.removal.states import ComplaintEnd, RemovalState

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(noticed: Callable[[int], list[Removal]], senior: Person, now: datetime) -> Complaint:
    noticed(2)
    return open_complaint(about=Notice.objects.get().public_id, text="It is mine.", actor=senior, now=now)


def test_upheld_stops_the_removals_and_puts_their_entries_in_question(
    complaint: Complaint, senior: Person, now: datetime
) -> None:
    answer_complaint(
        complaint=complaint.public_id, end=ComplaintEnd.UPHELD, answer="You are right.", actor=senior, now=now
    )
    assert set(Removal.objects.values_list("state", flat=True)) == {RemovalState.STOPPED}
    keys = list(Removal.objects.order_by("pk").values_list("pk", flat=True))
    assert core.Event.objects.get(kind="ComplaintsUpheld").ids == keys


def test_rejected_changes_nothing_and_an_answer_is_given_once(
    complaint: Complaint, senior: Person, now: datetime
) -> None:
    told: dict[str, Any] = {"complaint": complaint.public_id, "end": ComplaintEnd.REJECTED, "actor": senior, "now": now}
    with pytest.raises(NotNow, match="Write down"):
        answer_complaint(answer=" ", **told)
    answer_complaint(answer="It was confirmed by two people.", **told)
    assert set(Removal.objects.values_list("state", flat=True)) == {RemovalState.NOTICED}
    with pytest.raises(NotNow, match="already"):
        answer_complaint(answer="Again.", **told)
