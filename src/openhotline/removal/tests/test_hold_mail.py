"""While notices are held none goes out, whatever asks for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openhotline.audit.models import Record
from openhotline.removal.models import MailHold, Notice, Removal
from openhotline.removal.queries import notices_due
from openhotline.removal.services import send_notices as operation
from openhotline.removal.services.hold_mail import hold_mail
from openhotline.removal.services.send_notices import send_notices

pytestmark = pytest.mark.django_db

Due = Callable[[int], list[Removal]]


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
