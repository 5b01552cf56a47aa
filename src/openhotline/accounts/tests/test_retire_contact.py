"""A service leaves the directory."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Contact, Person
from openhotline.accounts.queries import contact_by_id, contacts, contacts_due
from openhotline.accounts.services.add_contact import add_contact
from openhotline.accounts.services.retire_contact import retire_contact

pytestmark = pytest.mark.django_db


def test_it_is_shown_no_more_and_its_row_stays(manager: Person, now: datetime) -> None:
    made = add_contact(name="A", for_whom="B", number="1", next_check=now.date(), actor=manager, now=now)
    retire_contact(contact=made, actor=manager, now=now)
    assert (contacts(), contacts_due(now.date()), contact_by_id(made.public_id)) == ([], [], None)
    assert Contact.objects.count() == 1
