"""The machine's keys are gone; two custodians bring them back, one does not."""

import shutil
from collections.abc import Callable
from datetime import datetime
from itertools import combinations
from pathlib import Path

import pytest
from pyrage import x25519

from openhotline.audit.models import Record
from openhotline.core import keys, offline
from openhotline.core.custodians import CustodianRefused
from openhotline.core.datakeys import FILE, data_keys
from openhotline.core.errors import Misconfigured, NotNow
from openhotline.evidence import queries
from openhotline.evidence.models import Item
from openhotline.evidence.services.recover_keys import record_recovery, recover_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(
    custodians: list[x25519.Identity],
    vault: Path,
    seal: Callable[..., list[Item]],
    paint: Callable[..., bytes],
    tmp_path: Path,
) -> tuple[Item, Path]:
    """One sealed item whose machine lost every key, and the folder with the custodians' files."""
    (item,) = seal(paint(1))
    away = tmp_path / "away"
    shutil.move(vault / "keys" / offline.FOLDER, away)
    for path in (vault / "keys").glob("*.key"):
        keys.destroy(path)
    with pytest.raises(Misconfigured, match="Recover the keys"):
        queries.open_original(item)
    return item, away


def secrets_of(people: list[x25519.Identity], pair: tuple[int, int]) -> list[str]:
    """Return the secret keys of two custodians."""
    return [str(people[number - 1]) for number in pair]


@pytest.mark.parametrize("pair", list(combinations((1, 2, 3), 2)))
def test_any_two_bring_everything_back(
    lost: tuple[Item, Path],
    custodians: list[x25519.Identity],
    pair: tuple[int, int],
    paint: Callable[..., bytes],
    now: datetime,
) -> None:
    item, away = lost
    sealed = (away / f"openhotline-keys-{pair[0]}+{pair[1]}.age").read_bytes()
    written = recover_keys(sealed=sealed, identities=secrets_of(custodians, pair), now=now)
    assert set(written) == {name for name in keys.NAMES if name.endswith(".key")}
    assert queries.open_original(item) == paint(1)
    assert Record.objects.get(action="keys_recovered").detail["keys"] == len(written)


def test_no_new_keys_are_made_in_place_of_lost_ones(lost: tuple[Item, Path], vault: Path) -> None:
    """Practice makes the keys of a new installation at its start; this one is not new."""
    assert keys.make_for_new(vault / "keys") == []


def test_one_alone_brings_nothing_back(
    lost: tuple[Item, Path], custodians: list[x25519.Identity], vault: Path, now: datetime
) -> None:
    for person in custodians:
        for file in lost[1].glob("*.age"):
            with pytest.raises(CustodianRefused):
                recover_keys(sealed=file.read_bytes(), identities=[str(person)] * 2, now=now)
    assert keys.epochs_in(vault / "keys") == []


def test_keys_that_something_lies_under_are_not_replaced(
    custodians: list[x25519.Identity], vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes],
    now: datetime,
) -> None:  # fmt: skip
    seal(paint(1))
    sealed = (vault / "keys" / offline.FOLDER / "openhotline-keys-1+2.age").read_bytes()
    with pytest.raises(NotNow, match="evidence here already"):
        recover_keys(sealed=sealed, identities=secrets_of(custodians, (1, 2)), now=now, replace=True)


def test_a_new_installation_takes_the_recovered_keys_for_its_own(
    custodians: list[x25519.Identity], vault: Path, tmp_path: Path, now: datetime
) -> None:
    """Practice makes keys at its first start; nothing lies under them yet."""
    sealed = (vault / "keys" / offline.FOLDER / "openhotline-keys-1+2.age").read_bytes()
    before = keys.Keyring(vault / "keys").everything()
    shutil.rmtree(vault / "keys")
    keys.make_missing(vault / "keys")
    with pytest.raises(Misconfigured, match="lies in"):
        recover_keys(sealed=sealed, identities=secrets_of(custodians, (1, 2)), now=now)
    recover_keys(sealed=sealed, identities=secrets_of(custodians, (1, 2)), now=now, replace=True)
    assert keys.Keyring(vault / "keys").everything() == before


def test_before_there_is_a_log_a_note_is_kept_and_recorded_later(
    custodians: list[x25519.Identity], vault: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = (vault / "keys" / offline.FOLDER / "openhotline-keys-1+2.age").read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("openhotline.evidence.services.recover_keys._has_table", lambda _name: False)
        recover_keys(sealed=sealed, identities=secrets_of(custodians, (1, 2)), now=now)
        assert not Record.objects.filter(action="keys_recovered").exists()
    assert [record_recovery(actor="two_custodians", now=now) for _ in range(2)] == [True, False]
    assert Record.objects.filter(action="keys_recovered").count() == 1


def test_planted_bug_another_installations_keys_do_not_open_ours(
    lost: tuple[Item, Path], vault: Path, now: datetime
) -> None:
    """A recovery that put any keys back would look well and open nothing."""
    keys.make_missing(vault / "keys")
    with pytest.raises(Exception, match="does not open"):
        queries.open_original(lost[0])
    assert (data_keys().folder / FILE).exists()
