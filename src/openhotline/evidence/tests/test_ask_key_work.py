"""Work on the keys waits for a second person, who approves exactly that."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from openhotline.accounts.errors import NeedsTwoPeople
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.evidence.models import KeyWork
from openhotline.evidence.queries import is_approved, open_key_work
from openhotline.evidence.services.ask_key_work import ask_key_work
from openhotline.evidence.states import Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(vault: Path, operator: Person, now: datetime) -> KeyWork:
    """An epoch that was asked for."""
    return ask_key_work(work=Work.BEGIN_EPOCH, detail={"number": 2}, actor=operator, now=now)


def test_it_is_asked_for_and_recorded(asked: KeyWork, now: datetime) -> None:
    assert open_key_work(Work.BEGIN_EPOCH, {"number": 2}, now) == asked
    assert not is_approved(asked)
    assert Record.objects.filter(action="key_work_asked", subject=asked.public_id).exists()


def test_an_analyst_may_not_ask(vault: Path, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="operator"):
        ask_key_work(work=Work.BEGIN_EPOCH, detail={"number": 2}, actor=analyst, now=now)


def test_who_asked_does_not_approve(vault: Path, manager: Person, now: datetime) -> None:
    row = ask_key_work(work=Work.BEGIN_EPOCH, detail={"number": 2}, actor=manager, now=now)
    approval = approval_of("key_work", row.public_id)
    assert approval is not None
    with pytest.raises(NeedsTwoPeople):
        approve(approval_id=approval.pk, manifest_sha256=row.manifest_sha256, actor=manager, now=now)


def test_an_approval_that_expired_is_asked_for_anew(asked: KeyWork, now: datetime) -> None:
    assert open_key_work(Work.BEGIN_EPOCH, {"number": 2}, now + timedelta(hours=25)) is None
