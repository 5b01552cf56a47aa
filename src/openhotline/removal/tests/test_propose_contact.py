"""Where a registry names nobody, a person finds whom to write to."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.removal.errors import ContactRefused
from openhotline.removal.models import Contact, Removal
from openhotline.removal.services.approve_contact import approve_contact
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.propose_contact import propose_contact
from openhotline.removal.states import RemovalState

pytestmark = pytest.mark.django_db


def test_a_contact_that_a_person_found_and_approved_is_written_to(
    waiting: Callable[[int], list[Removal]], site: Any, senior: Person, now: datetime
) -> None:
    site.pages["/ip/127.0.0.1"] = (200, "x", b'{"objectClassName": "ip network", "name": "PRACTICE-NET"}')
    (removal,) = waiting(1)
    assert removal.state == RemovalState.HOST_UNKNOWN
    contact = propose_contact(mail="desk@host.example", provider="practice-net", actor=senior, now=now)
    approve_contact(contact=contact.public_id, actor=senior, now=now)
    assert find_hosts(ids=[removal.pk], actor="step:x", now=now) == 1


def test_the_same_once_more_is_the_same(db: None, senior: Person, now: datetime) -> None:
    one, two = (propose_contact(mail=" A@b.example", provider="Net", actor=senior, now=now) for _ in range(2))
    assert one == two
    assert Contact.objects.get().state == "proposed"


@pytest.mark.parametrize("mail", ["a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "nobody", ""])
def test_what_could_steer_a_mail_is_refused(db: None, senior: Person, now: datetime, mail: str) -> None:
    with pytest.raises(ContactRefused):
        propose_contact(mail=mail, provider="Net", actor=senior, now=now)
    assert not Contact.objects.exists()
