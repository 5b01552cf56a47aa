"""What we did with an address that another hotline handed to us is kept with its reason."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotNow
from openhotline.removal.models import HandoverIn
from openhotline.removal.services.note_action import note_action
from openhotline.removal.states import HandoverAction


@pytest.mark.django_db
def test_what_is_given_back_has_a_reason_without_an_address(taken: HandoverIn, senior: Person, now: datetime) -> None:
    name = taken.addresses.all()[0].report.public_id
    for reason, said in (("", "Say why"), ("see http://x.example", "Leave addresses out"), ("x" * 301, "301")):
        with pytest.raises(NotNow, match=said):
            note_action(report=name, action=HandoverAction.NOT_HERE, reason=reason, actor=senior, now=now)
    for _ in range(2):
        note_action(report=name, action=HandoverAction.TAKEN, reason="", actor=senior, now=now + timedelta(hours=1))
    assert Record.objects.filter(action="action_noted").count() == 1
