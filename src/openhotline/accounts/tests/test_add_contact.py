"""A service comes into the directory."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.queries import contacts, contacts_due
from openhotline.accounts.services.add_contact import add_contact
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db
SERVICE = {"name": "Child helpline", "for_whom": "children and young people", "number": "116 111"}


def test_it_was_tried_today_and_is_due_on_its_day(manager: Person, now: datetime) -> None:
    day = now.date() + timedelta(days=90)
    made = add_contact(**SERVICE, next_check=day, actor=manager, now=now)
    assert made.checked_on == now.date()
    assert contacts() == [made]
    assert (contacts_due(day - timedelta(days=1)), contacts_due(day)) == ([], [made])


def test_an_analyst_reads_it_only(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not change the directory"):
        add_contact(**SERVICE, next_check=now.date(), actor=analyst, now=now)
