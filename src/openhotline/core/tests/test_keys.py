"""Keys are files: made once, never replaced by chance, destroyed for good."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import Signer

from openhotline.core import keys
from openhotline.core.errors import Misconfigured
from openhotline.core.keys import Keyring


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The keys of a new installation."""
    keys.make_missing(tmp_path)
    return tmp_path


def test_every_key_is_made_once_for_its_owner_alone(folder: Path) -> None:
    before = Keyring(folder).everything()
    assert set(before) == set(keys.NAMES)
    assert keys.make_missing(folder) == []
    assert Keyring(folder).everything() == before
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_missing_key_is_said_with_what_it_opens(folder: Path) -> None:
    (folder / "columns.key").unlink()
    with pytest.raises(Misconfigured, match="opens encrypted columns"):
        Keyring(folder).get("columns.key")


def test_a_cut_key_is_refused(folder: Path) -> None:
    (folder / "columns.key").write_bytes(b"short")
    with pytest.raises(Misconfigured, match="has 5 bytes"):
        Keyring(folder).get("columns.key")


def test_a_lost_key_is_not_made_anew_once_something_may_lie_under_it(folder: Path) -> None:
    """It would look well and open nothing."""
    (folder / keys.STORE).touch()
    (folder / "lookup.key").unlink()
    assert keys.make_for_new(folder) == []
    assert not (folder / "lookup.key").exists()


def test_epochs_are_told_by_their_names(folder: Path) -> None:
    keys.make_epoch(folder, 12, b"k" * 32)
    (folder / "epoch-0.key").touch()
    (folder / "epoch-1.key.old").touch()
    assert keys.epochs_in(folder) == [1, 12]
    assert "epoch-12.key" in Keyring(folder).everything()


def test_an_epoch_is_never_written_over(folder: Path) -> None:
    before = (folder / "epoch-1.key").read_bytes()
    keys.make_epoch(folder, 1, b"k" * 32)
    assert (folder / "epoch-1.key").read_bytes() == before


def test_a_destroyed_key_is_overwritten_before_its_name_goes(folder: Path) -> None:
    path = folder / "epoch-1.key"
    held = path.read_bytes()
    with path.open("rb") as still_open:
        keys.destroy(path)
        keys.destroy(path)
        assert still_open.read() != held
    assert not path.exists()


def test_before_there_are_keys_nothing_is_signed(tmp_path: Path, settings: Any) -> None:
    """Commands that make or recover keys run then; a page would not."""
    settings.SECRET_KEY = keys.secret_of(tmp_path)
    with pytest.raises(ImproperlyConfigured):
        Signer()


@pytest.mark.parametrize(("name", "size"), [("other.key", 32), ("../secret.key", 32), ("secret.key", 31)])
def test_only_keys_are_put_back(tmp_path: Path, name: str, size: int) -> None:
    with pytest.raises(Misconfigured, match="no key of an installation"):
        keys.put_back(tmp_path / "keys", {"lookup.key": b"k" * 32, name: b"k" * size})
    assert list((tmp_path / "keys").iterdir()) == []
