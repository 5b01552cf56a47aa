"""What the desk says is waiting."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.core.net.addresses import parse
from openhotline.desk.queries import waiting
from openhotline.intake.models import Address
from openhotline.removal.models import Removal
from openhotline.removal.states import OVER, RemovalState

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", RemovalState)
def test_a_removal_waits_until_the_address_is_gone(analyst: Person, now: datetime, state: RemovalState) -> None:
    kept = Address.objects.keep([parse("http://localhost:8090/files/000/000001.jpg")], now=now)
    Removal.objects.create(address=next(iter(kept.values())), state=state, opened_at=now)
    assert waiting(analyst, now).removals == (0 if state in OVER else 1)
