"""The first of two people asks for a key; nothing is made by that."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Approval, Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.intake.models import Partner, PartnerKey
from openhotline.intake.queries import asked_keys
from openhotline.intake.services.ask_partner_key import ask_partner_key
from openhotline.intake.services.end_partner import end_partner
from openhotline.intake.states import Scope

pytestmark = pytest.mark.django_db


def test_it_waits_for_another_person_and_no_key_is_made(partner: Partner, manager: Person, now: datetime) -> None:
    asked = ask_partner_key(partner=partner, scopes=[Scope.WRITE], days=30, actor=manager, now=now)
    assert [(one.public_id, one.approved, one.asked_by) for one in asked_keys(now)] == [
        (asked.public_id, False, manager.public_id)
    ]
    assert Approval.objects.get(subject=asked.public_id).manifest_sha256 == asked.manifest_sha256
    assert not PartnerKey.objects.exists()
    assert Record.objects.get(action="partner_key_asked").detail["to"] == partner.public_id


def test_an_analyst_asks_for_none(partner: Partner, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not keep partners"):
        ask_partner_key(partner=partner, scopes=[Scope.WRITE], days=30, actor=analyst, now=now)


@pytest.mark.parametrize(("scopes", "days"), [([], 30), ([Scope.READ], 0), ([Scope.READ], 731)])
def test_what_could_not_be_made_is_not_asked_for(
    partner: Partner, manager: Person, now: datetime, scopes: list[Scope], days: int
) -> None:
    with pytest.raises(NotNow):
        ask_partner_key(partner=partner, scopes=scopes, days=days, actor=manager, now=now)
    assert not Approval.objects.exists()


def test_of_a_partner_that_has_ended_nothing_can_be_made(partner: Partner, manager: Person, now: datetime) -> None:
    ask_partner_key(partner=partner, scopes=[Scope.WRITE], days=30, actor=manager, now=now)
    end_partner(partner=partner, actor="test", now=now)
    assert asked_keys(now) == []
