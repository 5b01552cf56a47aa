"""The key store is copied while it is used; the copy opens nothing by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.models import Record
from openhotline.core.datakeys import FILE, DataKeys, data_keys
from openhotline.core.errors import Misconfigured, NotNow
from openhotline.evidence.models import Item
from openhotline.evidence.services import back_up_keys as operation
from openhotline.evidence.services.ask_key_work import ask_key_work
from openhotline.evidence.services.back_up_keys import back_up_keys
from openhotline.evidence.states import Work

pytestmark = pytest.mark.django_db


def test_a_copy_has_every_key_and_no_epoch(
    vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes], copies: Path, tmp_path: Path,
    now: datetime,
) -> None:  # fmt: skip
    first, second = seal(paint(1), paint(2))
    data_keys().destroy([second.public_id], purge="prg_1")
    assert back_up_keys(folder=tmp_path / "copy", actor="test", now=now) == 1
    copy = DataKeys(tmp_path / "copy")
    assert copy.tombstones() == {second.public_id: "prg_1"}
    assert (tmp_path / "copy" / FILE).stat().st_mode & 0o777 == 0o600
    with pytest.raises(Misconfigured, match="The key epoch-1"):
        copy.get(first.public_id)
    assert Record.objects.get(action="key_store_backed_up").detail == {"keys": 1}


def test_an_earlier_copy_is_not_written_over(vault: Path, copies: Path, tmp_path: Path, now: datetime) -> None:
    back_up_keys(folder=tmp_path / "copy", actor="test", now=now)
    with pytest.raises(NotNow, match="new folder"):
        back_up_keys(folder=tmp_path / "copy", actor="test", now=now)


def test_without_two_people_no_copy_is_made(vault: Path, operator: Person, tmp_path: Path, now: datetime) -> None:
    asked = {"folder": str(tmp_path.resolve()), "days": 1}
    ask_key_work(work=Work.COPY_STORE, detail=asked, actor=operator, now=now)
    with pytest.raises(NotApproved, match="second person"):
        back_up_keys(folder=tmp_path / "copy", actor="test", now=now)
    assert not (tmp_path / "copy").exists()


def test_copies_are_made_by_the_clock_until_the_day_they_are_allowed_and_nowhere_else(
    vault: Path, copies: Path, tmp_path: Path, now: datetime
) -> None:
    for night in ("monday", "tuesday"):
        back_up_keys(folder=tmp_path / night, actor="test", now=now)
    with pytest.raises(NotApproved, match="expired"):
        back_up_keys(folder=tmp_path / "late", actor="test", now=now + timedelta(days=2))
    with pytest.raises(NotApproved, match="allow-backups"):
        back_up_keys(folder=tmp_path.parent / "elsewhere", actor="test", now=now)


def test_a_copy_is_no_longer_allowed_when_who_approved_it_may_sign_no_more(
    vault: Path, copies: Path, manager: Person, tmp_path: Path, now: datetime
) -> None:
    Person.objects.filter(pk=manager.pk).update(role=Role.ANALYST)
    with pytest.raises(NotApproved, match="may no longer approve"):
        back_up_keys(folder=tmp_path / "copy", actor="test", now=now)


def test_where_the_machine_stops_while_it_copies_the_log_has_its_beginning(
    vault: Path, copies: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, now: datetime
) -> None:
    def stop(*_: object) -> None:
        assert Record.objects.filter(action="key_store_copy_begun").count() == 1
        raise OSError("power")

    monkeypatch.setattr(DataKeys, "copy_to", stop)
    with pytest.raises(OSError, match="power"):
        back_up_keys(folder=tmp_path / "copy", actor="test", now=now)
    assert Record.objects.filter(action="key_store_copy_begun").count() == 1


def test_planted_bug_without_the_look_at_the_approval_one_person_would_do(
    vault: Path, operator: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    asked = {"folder": str(tmp_path.resolve()), "days": 1}
    ask_key_work(work=Work.COPY_STORE, detail=asked, actor=operator, now=now)
    monkeypatch.setattr(operation, "check_usable", lambda **_: None)
    assert back_up_keys(folder=tmp_path / "copy", actor="test", now=now) == 0
