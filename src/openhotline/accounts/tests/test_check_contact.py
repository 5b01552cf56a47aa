"""A number is tried."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.queries import contacts_due
from openhotline.accounts.services.add_contact import add_contact
from openhotline.accounts.services.check_contact import check_contact

pytestmark = pytest.mark.django_db


def test_what_was_due_is_due_no_more(manager: Person, now: datetime) -> None:
    made = add_contact(name="A", for_whom="B", number="1", next_check=now.date(), actor=manager, now=now)
    assert contacts_due(now.date()) == [made]
    check_contact(contact=made, number="2", next_check=now.date() + timedelta(days=9), actor=manager, now=now)
    made.refresh_from_db()
    assert (contacts_due(now.date()), made.number) == ([], "2")
