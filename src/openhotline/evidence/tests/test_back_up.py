"""A backup holds what is needed, no key, and has its name only once it is whole. `tests/journeys` restores one."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from openhotline.accounts.errors import NotApproved
from openhotline.audit.models import Checkpoint, Record
from openhotline.core import durable
from openhotline.core.archive import database, files, manifest
from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.datakeys import FILE, DataKeys
from openhotline.evidence.models import Item
from openhotline.evidence.services.back_up import back_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dumped")]


@pytest.fixture
def items(vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes]) -> list[Item]:
    """Two sealed items, and a package for a partner."""
    (vault / "packages").mkdir()
    (vault / "packages" / "ref_1.age").write_bytes(b"sealed to a partner")
    return seal(paint(1), paint(2))


def listed(folder: Path) -> set[str]:
    """Return the paths in a backup's list."""
    return {one.path for one in files.read_list(folder)}


def test_it_has_database_objects_and_packages(items: list[Item], tmp_path: Path, now: datetime) -> None:
    done = back_up(folder=tmp_path / "one", actor="test", now=now)
    objects = {f"blobs/{item.public_id[-2:]}/{item.public_id}" for item in items}
    assert listed(done.folder) == objects | {database.file_name(), "packages/ref_1.age"}
    assert done.files == len(list(files.check_files(done.folder))) == 4


def test_it_holds_no_key(items: list[Item], vault: Path, tmp_path: Path, now: datetime) -> None:
    """Not by name, and not in any byte."""
    back_up(folder=tmp_path / "one", actor="test", now=now)
    every = b"".join(path.read_bytes() for path in (tmp_path / "one").rglob("*") if path.is_file())
    keys = [path.read_bytes() for path in (vault / "keys").glob("*.key")]
    wrapped = [one for _, one in DataKeys(vault / "keys").wrapped(item.public_id for item in items).values()]
    assert len(keys) > 5
    assert not [key for key in [*keys, *wrapped] if key in every or key.hex().encode() in every]


def test_the_key_store_goes_where_it_is_said_to_go(
    items: list[Item], copies: Path, tmp_path: Path, now: datetime
) -> None:
    back_up(folder=tmp_path / "one", key_store=tmp_path / "keys", actor="test", now=now)
    assert DataKeys(tmp_path / "keys").count() == 2
    assert FILE not in listed(tmp_path / "one")
    back_up(folder=tmp_path / "two", key_store=tmp_path / "two", actor="test", now=now)
    assert FILE in listed(tmp_path / "two")
    assert manifest.read(tmp_path / "two").has_key_store


def test_the_key_store_is_not_in_it_where_nobody_allowed_that(items: list[Item], tmp_path: Path, now: datetime) -> None:
    """And nothing else is written either."""
    with pytest.raises(NotApproved, match="allow-backups"):
        back_up(folder=tmp_path / "one", key_store=tmp_path / "keys", actor="test", now=now)
    assert not {"one", "one.part", "keys"} & {path.name for path in tmp_path.iterdir()}


def test_it_is_of_a_signed_head_of_the_log(items: list[Item], tmp_path: Path, now: datetime) -> None:
    back_up(folder=tmp_path / "one", actor="test", now=now)
    told, head = manifest.read(tmp_path / "one"), Checkpoint.objects.latest("size")
    assert (told.log_size, told.log_root) == (Record.objects.count(), head.root)
    assert Record.objects.filter(action="backup_made").count() == 1


@pytest.mark.parametrize("there", ["one", "one.part"])
def test_an_earlier_or_interrupted_one_is_not_written_over(
    vault: Path, tmp_path: Path, now: datetime, there: str
) -> None:
    (tmp_path / there).mkdir()
    with pytest.raises(ArchiveRefused, match=r"another name|new folder"):
        back_up(folder=tmp_path / "one", actor="test", now=now)


def test_one_that_is_interrupted_has_no_name(items: list[Item], tmp_path: Path, now: datetime) -> None:
    def dies(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(folder=tmp_path / "one", actor="test", now=now, tell=dies)
    assert not (tmp_path / "one").exists()
    with pytest.raises(ArchiveRefused, match="no complete backup"):
        manifest.read(tmp_path / "one.part")


def test_it_is_its_owners_alone(items: list[Item], tmp_path: Path, now: datetime) -> None:
    back_up(folder=tmp_path / "one", actor="test", now=now)
    assert (tmp_path / "one").stat().st_mode & 0o77 == 0


def test_what_a_manifest_vouches_for_is_on_disk_before_it(
    tmp_path: Path, now: datetime, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut leaves no signed backup of files that are not there."""
    told: list[str] = []
    flush, sign = durable.flush_file_system, manifest.sign
    monkeypatch.setattr(durable, "flush_file_system", lambda *each: (told.append("flushed"), flush(*each)))
    monkeypatch.setattr(manifest, "sign", lambda *each: (told.append("signed"), sign(*each)))
    back_up(folder=tmp_path / "backup", actor="test", now=now)
    assert told[-2:] == ["flushed", "signed"]
