"""A person says that nothing goes to a contact."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.removal.models import Contact, Removal
from openhotline.removal.services.approve_contact import approve_contact
from openhotline.removal.services.refuse_contact import refuse_contact
from openhotline.removal.services.send_notices import send_notices

pytestmark = pytest.mark.django_db


def test_nothing_goes_to_a_refused_contact_until_somebody_approves_it(
    due: Callable[[int], list[Removal]], box: Any, senior: Person, now: datetime
) -> None:
    (removal,) = due(1)
    name = Contact.objects.get().public_id
    refuse_contact(contact=name, actor=senior, now=now)
    assert send_notices(ids=[removal.pk], actor="step:x", now=now) == box.messages == []
    assert approve_contact(contact=name, actor=senior, now=now).state == "approved"
