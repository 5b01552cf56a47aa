"""While notices are held none goes out, whatever asks for it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openhotline.audit.models import Record
from openhotline.core.held_back import held_back
from openhotline.removal.models import MailHold, Notice, Removal
from openhotline.removal.queries import notices_due
from openhotline.removal.services import send_notices as operation
from openhotline.removal.services.hold_mail import hold_mail
from openhotline.removal.services.send_notices import send_notices

pytestmark = pytest.mark.django_db

Due = Callable[[int], list[Removal]]
SOURCE = Path(__file__).resolve().parents[2]


def send(now: datetime) -> list[Notice]:
    return send_notices(ids=list(Removal.objects.values_list("pk", flat=True)), actor="step:x", now=now)


def test_nothing_is_made_and_nothing_goes_out(due: Due, box: Any, now: datetime) -> None:
    due(3)
    hold_mail(actor="test", now=now)
    assert send(now + timedelta(days=3)) == []
    assert (box.messages, Notice.objects.count()) == ([], 0)
    assert len(notices_due(now + timedelta(days=3))) == 3


def test_a_notice_that_was_made_before_waits_too(due: Due, box: Any, now: datetime) -> None:
    due(1)
    box.busy = True
    send(now)
    box.busy = False
    hold_mail(actor="test", now=now)
    send(now)
    assert box.messages == []


def test_planted_bug_without_the_check_it_would_go_out(
    due: Due, box: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(1)
    hold_mail(actor="test", now=now)
    monkeypatch.setattr(operation, "mail_is_held", lambda: False)
    send(now)
    assert len(box.messages) == 1


def test_again_is_the_same_hold(now: datetime, db: None) -> None:
    assert hold_mail(actor="test", now=now) == hold_mail(actor="test", now=now + timedelta(days=1))
    assert Record.objects.filter(action="mail_held").count() == 1


def test_the_database_keeps_no_second_hold(now: datetime, db: None) -> None:
    hold_mail(actor="test", now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        MailHold.objects.create(begun_at=now)


def test_what_else_goes_out_from_a_queue_waits_as_well(now: datetime, db: None) -> None:
    """People on call and partners are told by stages that know nothing of notices; they ask one question."""
    assert not held_back()
    hold_mail(actor="test", now=now)
    assert held_back()


# Whatever hands something in for others, and who asks for it each time: a person, who sees what they send.
BY_HAND = {"accounts/services/send_invitation.py"}


def test_whoever_sends_from_a_queue_asks_before() -> None:
    """Found in the source: a new sender that does not ask fails here."""
    sends = re.compile(r"\b(hand_in|post|send)\((?:message|hook\.address|messages)")
    asks = re.compile(r"\b(held_back|mail_is_held)\(\)")
    found = {
        str(path.relative_to(SOURCE)): bool(asks.search(text))
        for path in SOURCE.rglob("services/*.py")
        if sends.search(text := path.read_text())
    }
    assert {name for name, asked in found.items() if not asked} == BY_HAND
    assert set(found) >= {"accounts/services/call_on_call.py", "intake/services/send_webhooks.py"}
