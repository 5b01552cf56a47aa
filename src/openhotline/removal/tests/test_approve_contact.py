"""A person agrees to a contact before anything goes to it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from openhotline.accounts.errors import NeedsTwoPeople
from openhotline.accounts.models import Person
from openhotline.core import models as core
from openhotline.core.errors import Missing, NotAllowed, NotNow
from openhotline.removal.errors import ContactRefused
from openhotline.removal.models import Contact, Removal
from openhotline.removal.services.approve_contact import approve_contact
from openhotline.removal.states import ContactState, RemovalState

pytestmark = pytest.mark.django_db
Waiting = Callable[[int], list[Removal]]


def test_what_waited_goes_on_once_a_person_agreed(waiting: Waiting, senior: Person, now: datetime) -> None:
    (removal,) = waiting(1)
    contact = approve_contact(contact=Contact.objects.get().public_id, actor=senior, now=now, blocked_days="Sat, sun")
    assert (contact.state, contact.approved_by, contact.blocked_days) == ("approved", senior.public_id, "sat sun")
    removal.refresh_from_db()
    assert removal.state == RemovalState.OPENED
    assert core.Event.objects.filter(kind="RemovalsOpened").latest("pk").ids == [removal.pk]


def test_where_the_house_says_so_two_people_are_needed(
    waiting: Waiting, senior: Person, manager: Person, now: datetime, settings: Any
) -> None:
    settings.CONTACTS_BY_TWO = True
    waiting(1)
    name = Contact.objects.get().public_id
    assert approve_contact(contact=name, actor=senior, now=now).state == ContactState.SECONDING
    with pytest.raises(NeedsTwoPeople):
        approve_contact(contact=name, actor=senior, now=now)
    assert approve_contact(contact=name, actor=manager, now=now).state == ContactState.APPROVED


def test_an_analyst_does_not_approve(waiting: Waiting, analyst: Person, now: datetime) -> None:
    waiting(1)
    with pytest.raises(NotAllowed):
        approve_contact(contact=Contact.objects.get().public_id, actor=analyst, now=now)


def test_approved_is_approved_once(waiting: Waiting, senior: Person, now: datetime) -> None:
    waiting(1)
    name = Contact.objects.get().public_id
    approve_contact(contact=name, actor=senior, now=now)
    with pytest.raises(NotNow):
        approve_contact(contact=name, actor=senior, now=now)
    with pytest.raises(Missing):
        approve_contact(contact="cnt_none", actor=senior, now=now)


@pytest.mark.parametrize("days", ["someday", "mon tue wed thu fri sat sun", "13-01"])
def test_days_that_would_block_for_ever_or_are_none_are_refused(
    waiting: Waiting, senior: Person, now: datetime, days: str
) -> None:
    waiting(1)
    with pytest.raises(ContactRefused):
        approve_contact(contact=Contact.objects.get().public_id, actor=senior, now=now, blocked_days=days)
