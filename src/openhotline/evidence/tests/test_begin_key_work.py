"""Work on the keys begins once two people agreed on exactly that, whatever work it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import pytest

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.core.errors import NotAllowed
from openhotline.evidence.models import KeyWork
from openhotline.evidence.services import begin_key_work as module
from openhotline.evidence.services.ask_key_work import ask_key_work
from openhotline.evidence.services.begin_epoch import begin_epoch
from openhotline.evidence.services.begin_key_work import begin_key_work
from openhotline.evidence.services.name_custodians import name_custodians
from openhotline.evidence.services.retire_epoch import retire_epoch
from openhotline.evidence.services.wrap_offline import wrap_offline
from openhotline.evidence.states import Work

pytestmark = pytest.mark.django_db
OPERATIONS = {
    Work.BEGIN_EPOCH: (begin_epoch, {"number": 2}),
    Work.RETIRE_EPOCH: (retire_epoch, {"number": 1}),
    Work.NAME_CUSTODIANS: (name_custodians, {"recipients": ["age1a", "age1b", "age1c"]}),
    Work.WRAP_OFFLINE: (wrap_offline, {"custodians": "0" * 64, "keys": ["audit.key"]}),
}
EACH = pytest.mark.parametrize("kind", list(OPERATIONS))


@EACH
def test_it_is_not_done_before_it_is_approved(vault: Path, operator: Person, kind: Work, now: datetime) -> None:
    operation, detail = OPERATIONS[kind]
    asked = ask_key_work(work=kind, detail=detail, actor=operator, now=now)
    with pytest.raises(NotApproved, match="second person"):
        operation(key_work_id=asked.pk, actor=operator, now=now)


@EACH
def test_it_is_not_done_when_it_was_changed_since(
    vault: Path, agree: Callable[..., int], operator: Person, kind: Work, now: datetime
) -> None:
    operation, detail = OPERATIONS[kind]
    asked = agree(kind, **detail)
    KeyWork.objects.filter(pk=asked).update(asked_at=now, detail=detail | {"number": 9, "more": "changed"})
    with pytest.raises(NotApproved, match="not this"):
        operation(key_work_id=asked, actor=operator, now=now)


@EACH
def test_an_analyst_does_none(
    vault: Path, agree: Callable[..., int], analyst: Person, kind: Work, now: datetime
) -> None:
    operation, detail = OPERATIONS[kind]
    with pytest.raises(NotAllowed, match="operator"):
        operation(key_work_id=agree(kind, **detail), actor=analyst, now=now)


def test_work_of_another_kind_is_not_taken_for_it(
    vault: Path, agree: Callable[..., int], operator: Person, now: datetime
) -> None:
    with pytest.raises(ValueError, match="not begin_epoch"):
        begin_epoch(key_work_id=agree(Work.RETIRE_EPOCH, number=1), actor=operator, now=now)


def test_what_fails_half_way_stays_open_and_approved(
    vault: Path, agree: Callable[..., int], operator: Person, now: datetime
) -> None:
    asked = agree(Work.BEGIN_EPOCH, number=2)
    with pytest.raises(OSError, match="disk is full"), opened(asked, operator, now):
        raise OSError("The disk is full.")
    assert KeyWork.objects.get(pk=asked).done_at is None
    assert begin_epoch(key_work_id=asked, actor=operator, now=now) == 2


def opened(asked: int, operator: Person, now: datetime) -> AbstractContextManager[KeyWork]:
    return begin_key_work(key_work_id=asked, kind=Work.BEGIN_EPOCH, actor=operator, now=now)


def test_planted_bug_without_the_use_of_the_approval_one_person_would_do(
    vault: Path, operator: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask_key_work(work=Work.BEGIN_EPOCH, detail={"number": 2}, actor=operator, now=now)
    for asked_first in ("check_usable", "use_approval"):
        monkeypatch.setattr(module, asked_first, lambda **_: None)
    assert begin_epoch(key_work_id=asked.pk, actor=operator, now=now) == 2
