"""An organisation becomes a partner."""

from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core.errors import NotNow
from openhotline.intake.models import Partner
from openhotline.intake.services.add_partner import add_partner

pytestmark = pytest.mark.django_db


def test_a_partner_is_added_and_the_log_has_its_id_and_not_its_name(now: datetime) -> None:
    partner = add_partner(name="  Example   Platform ", hourly=10, actor="test", now=now)
    assert Partner.objects.get().name == "Example Platform"
    line = Record.objects.get(action="partner_added")
    assert line.subject == partner.public_id
    assert "Example" not in str(vars(line))


@pytest.mark.parametrize(("name", "hourly"), [("", 1), ("a" * 121, 1), ("a\x00b", 1), ("a", 0), ("a", 1_000_001)])
def test_a_name_or_number_amiss_is_refused(now: datetime, name: str, hourly: int) -> None:
    with pytest.raises(NotNow):
        add_partner(name=name, hourly=hourly, actor="test", now=now)


def test_a_name_is_given_once(partner: Partner, now: datetime) -> None:
    with pytest.raises(NotNow, match="already"):
        add_partner(name=partner.name, hourly=1, actor="test", now=now)
