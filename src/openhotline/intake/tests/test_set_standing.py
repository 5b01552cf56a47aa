"""What later stages learned of an address is kept, and shown nowhere outside."""

from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core.net.addresses import parse
from openhotline.intake.models import Address
from openhotline.intake.services.set_standing import set_standing
from openhotline.intake.states import Standing

pytestmark = pytest.mark.django_db


def test_it_is_set_once_and_recorded_once(now: datetime) -> None:
    Address.objects.keep([parse("a.example"), parse("b.example")], now=now)
    ids = list(Address.objects.values_list("pk", flat=True))
    assert set_standing(address_ids=ids, standing=Standing.DECIDED, now=now) == 2
    assert set_standing(address_ids=ids, standing=Standing.DECIDED, now=now) == 0
    assert set(Address.objects.values_list("standing", flat=True)) == {Standing.DECIDED}
    assert Record.objects.get(action="standing_set").count == 2
