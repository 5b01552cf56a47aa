"""Whoever is on call is told by mail that a hold has run out. Nothing is sent to a provider by that."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.core.net.errors import MailFailed
from openhotline.removal.models import Hold, Notice, Removal
from openhotline.removal.queries import notices_due
from openhotline.removal.services.hold_removals import hold_removals
from openhotline.removal.services.mail_holds import mail_holds

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=49)


@pytest.fixture
def held(due: Callable[[int], list[Removal]], settings: Any, senior: Person, now: datetime) -> list[Removal]:
    settings.ON_CALL_MAIL = "on-call@hotline.example"
    removals = due(2)
    hold_removals(ids=[one.pk for one in removals], hours=48, actor=senior, now=now)
    return removals


def test_it_is_told_once_without_an_address_and_nothing_else_goes_out(
    held: list[Removal], box: Any, now: datetime
) -> None:
    assert [mail_holds(actor="step:x", now=now + hours) for hours in (timedelta(), LATER, LATER)] == [0, 2, 0]
    (message,) = box.messages
    assert message["To"] == "on-call@hotline.example"
    text = message.get_content()
    assert "2 holds have run out" in text
    assert "127.0.0.1" not in text
    assert (notices_due(now + LATER), Notice.objects.count()) == ([], 0)
    assert set(Removal.objects.values_list("state", flat=True)) == {"held"}


def test_what_the_server_does_not_take_is_said_again(held: list[Removal], now: datetime) -> None:
    said: list[EmailMessage] = []

    def busy(_message: EmailMessage) -> None:
        raise MailFailed("busy")

    told = [mail_holds(actor="step:x", now=now + LATER, deliver=each) for each in (busy, said.append)]
    assert (told, len(said)) == ([0, 2], 1)


def test_without_a_mailbox_the_desk_alone_tells(held: list[Removal], settings: Any, now: datetime) -> None:
    settings.ON_CALL_MAIL = ""
    assert mail_holds(actor="step:x", now=now + LATER) == 0
    assert Hold.objects.filter(mailed_at=None).count() == 2
