"""A key that two people agreed on is made once, and only who asked for it sees it."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.errors import NeedsTwoPeople, NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.accounts.states import Purpose
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed, NotNow
from openhotline.intake.models import AskedKey, Partner, PartnerKey
from openhotline.intake.queries import asked_keys
from openhotline.intake.services import make_asked_key as module
from openhotline.intake.services.ask_partner_key import ask_partner_key
from openhotline.intake.services.make_asked_key import make_asked_key
from openhotline.intake.states import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(partner: Partner, manager: Person, now: datetime) -> AskedKey:
    """A key to send reports for thirty days, asked for by the manager."""
    return ask_partner_key(partner=partner, scopes=[Scope.WRITE], days=30, actor=manager, now=now)


def agree(asked: AskedKey, second: Person, now: datetime) -> None:
    """Approve it as it stands."""
    approval = approval_of(Purpose.PARTNER_KEY, asked.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=approval.manifest_sha256, actor=second, now=now)


def test_it_may_do_what_was_agreed_from_its_making_on(
    asked: AskedKey, manager: Person, operator: Person, now: datetime
) -> None:
    agree(asked, operator, now)
    later = now + timedelta(hours=3)
    key, text = make_asked_key(asked=asked.public_id, actor=manager, now=later)
    assert PartnerKey.objects.shown(text, now=later) == key
    assert (key.scopes, key.expires_at) == ([Scope.WRITE], later + timedelta(days=30))
    assert Record.objects.get(action="partner_key_made").actor == manager.public_id
    assert asked_keys(later) == []


def test_one_person_is_not_enough(asked: AskedKey, manager: Person, now: datetime) -> None:
    with pytest.raises(NotApproved):
        make_asked_key(asked=asked.public_id, actor=manager, now=now)
    with pytest.raises(NeedsTwoPeople):
        agree(asked, manager, now)
    assert not PartnerKey.objects.exists()


def test_planted_without_the_approval_one_person_would_be(
    asked: AskedKey, manager: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: nobody asks whether two agreed."""
    monkeypatch.setattr(module, "use_approval", lambda **_: None)
    make_asked_key(asked=asked.public_id, actor=manager, now=now)
    assert PartnerKey.objects.exists()


def test_who_approved_it_does_not_get_it(asked: AskedKey, operator: Person, now: datetime) -> None:
    agree(asked, operator, now)
    with pytest.raises(NotAllowed, match="Whoever asked"):
        make_asked_key(asked=asked.public_id, actor=operator, now=now)


def test_it_is_made_once(asked: AskedKey, manager: Person, operator: Person, now: datetime) -> None:
    agree(asked, operator, now)
    make_asked_key(asked=asked.public_id, actor=manager, now=now)
    with pytest.raises(NotNow, match="made already"):
        make_asked_key(asked=asked.public_id, actor=manager, now=now)
    assert PartnerKey.objects.count() == 1


@pytest.mark.parametrize("change", [{"days": 365}, {"scopes": ["report:read", "report:write"]}])
def test_what_was_changed_after_it_was_signed_is_not_made(
    asked: AskedKey, manager: Person, operator: Person, now: datetime, change: dict[str, object]
) -> None:
    agree(asked, operator, now)
    AskedKey.objects.update(**change)
    with pytest.raises(NotApproved):
        make_asked_key(asked=asked.public_id, actor=manager, now=now)


def test_a_day_later_the_approval_is_over(asked: AskedKey, manager: Person, operator: Person, now: datetime) -> None:
    agree(asked, operator, now)
    with pytest.raises(NotApproved):
        make_asked_key(asked=asked.public_id, actor=manager, now=now + timedelta(hours=25))


def test_nobody_asked_for_nothing(manager: Person, now: datetime) -> None:
    with pytest.raises(Missing, match="Nobody asked"):
        make_asked_key(asked="pka_none", actor=manager, now=now)
