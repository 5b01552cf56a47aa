"""What a restore refuses, and what it looks at. `tests/journeys/test_runbooks.py` restores for real."""

import errno
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from openhotline.audit.errors import ChainRefused
from openhotline.audit.models import ChainPlace, Record, TakenBack
from openhotline.audit.services.ship_taken_back import ship_taken_back
from openhotline.core import blobs, keys
from openhotline.core.archive import database, files, manifest, unfinished
from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.datakeys import FILE, data_keys
from openhotline.evidence import queries
from openhotline.evidence.models import Item, Purge, Tombstone
from openhotline.evidence.services import restore as module
from openhotline.evidence.services.back_up import back_up
from openhotline.evidence.services.certify_purges import certify_purges
from openhotline.evidence.services.replay_purges import CertificateRefused
from openhotline.evidence.services.restore import Restored, follow_restore, restore

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dumped")]

Bring = Callable[..., Restored]


@pytest.fixture
def items(vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes]) -> list[Item]:
    """Two sealed items."""
    return seal(paint(1), paint(2))


@pytest.fixture
def made(items: list[Item], copies: Path, tmp_path: Path, now: datetime) -> Path:
    """Their backup, with the key store beside it."""
    return back_up(folder=tmp_path / "backup", key_store=tmp_path / "keys", actor="test", now=now).folder


@pytest.fixture
def bring(made: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Restore it; the tables of this test stay where they are and stand for those in the backup."""
    monkeypatch.setattr(database, "tables", list)
    monkeypatch.setattr(database, "load", lambda _path: None)
    monkeypatch.setattr(module, "_followers", [])

    def bringing(*certificates: object, **further: Any) -> Restored:
        return restore(folder=made, certificates=certificates, actor="test", now=now, **further)

    return bringing


@pytest.fixture
def lost(items: list[Item], made: Path) -> None:
    """Objects and key store are gone."""
    blobs.store().remove([item.public_id for item in items])
    data_keys().path.unlink()


def test_objects_and_keys_come_back(
    bring: Bring, lost: None, items: list[Item], tmp_path: Path, paint: Callable[..., bytes]
) -> None:
    assert bring(key_store=tmp_path / "keys") == Restored(items=2, purged_again=0, opened=2, faults=())
    assert queries.open_original(items[0]) == paint(1)
    assert Record.objects.filter(action="backup_restored").count() == 1


def test_what_the_certificates_name_is_purged_again(
    bring: Bring, items: list[Item], purge: Callable[..., Purge], tmp_path: Path
) -> None:
    done = purge(items[0])
    blobs.store().remove([items[1].public_id])
    data_keys().path.unlink()
    told = bring(done.certificate, key_store=tmp_path / "keys")
    assert (told.purged_again, told.opened, told.faults) == (1, 1, ())
    with pytest.raises(queries.Missing):
        queries.open_original(items[0])


def test_everybody_signs_in_anew(bring: Bring, lost: None, now: datetime, tmp_path: Path) -> None:
    """Also somebody whose session was ended since the backup."""
    Session.objects.create(session_key="x", session_data="", expire_date=now)
    bring(key_store=tmp_path / "keys")
    assert not Session.objects.exists()


def test_a_later_stage_hears_of_it_before_anything_runs(
    bring: Bring, lost: None, now: datetime, tmp_path: Path
) -> None:
    heard: list[datetime] = []
    follow_restore(heard.append)
    follow_restore(heard.append)
    bring(key_store=tmp_path / "keys")
    assert heard == [now]


def test_a_key_store_that_is_here_still_is_newer_than_its_copy(bring: Bring, items: list[Item], tmp_path: Path) -> None:
    blobs.store().remove([item.public_id for item in items])
    with pytest.raises(ArchiveRefused, match="newer than any copy"):
        bring(key_store=tmp_path / "keys")
    assert bring().opened == 2


def test_without_a_key_store_nothing_is_begun(bring: Bring, lost: None) -> None:
    with pytest.raises(ArchiveRefused, match="Without it nothing opens"):
        bring()
    assert next(blobs.store().names(), None) is None


def test_without_the_epoch_key_it_says_what_to_recover(bring: Bring, lost: None, vault: Path, tmp_path: Path) -> None:
    keys.destroy(vault / "keys" / "epoch-1.key")
    with pytest.raises(ArchiveRefused, match="key recover"):
        bring(key_store=tmp_path / "keys")


def test_objects_that_are_here_are_not_mixed_with_others(bring: Bring) -> None:
    with pytest.raises(ArchiveRefused, match="objects in"):
        bring()


def test_a_database_with_tables_is_refused(made: Path, lost: None, now: datetime) -> None:
    with pytest.raises(ArchiveRefused, match="has tables already"):
        restore(folder=made, certificates=[], actor="test", now=now)


def test_a_backup_of_practice_is_refused_in_production(bring: Bring, lost: None, settings: Any) -> None:
    settings.PRACTICE = False
    with pytest.raises(ArchiveRefused, match="practice mode"):
        bring()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"vendor": "other"}, "of other"), ({"migrations": ["evidence.9999_later"]}, "newer version")],
)
def test_a_backup_that_does_not_fit_here_is_refused(
    bring: Bring, lost: None, made: Path, change: dict[str, Any], sentence: str
) -> None:
    told = manifest.read(made)
    manifest.sign(made, manifest.Manifest(**(vars(told) | change)))
    with pytest.raises(ArchiveRefused, match=sentence):
        bring()


def test_a_forged_certificate_stops_everything(bring: Bring, lost: None, tmp_path: Path) -> None:
    with pytest.raises(CertificateRefused):
        bring({"format": "openhotline-purge/1", "items": []}, key_store=tmp_path / "keys")
    assert not data_keys().path.exists()


def test_what_is_missing_is_named(bring: Bring, lost: None, items: list[Item], made: Path, tmp_path: Path) -> None:
    """As when the copy of the key store is older than the database."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / FILE).write_bytes((tmp_path / "keys" / FILE).read_bytes())
    shutil.copyfile(tmp_path / "other" / FILE, data_keys().path)
    data_keys().forget([items[0].public_id])
    faults = bring().faults
    assert f"{items[0].public_id} has no data key: was it purged after the backup?" in faults
    assert any("does not open" in fault for fault in faults)


def test_a_log_without_the_backups_checkpoint_is_seen(bring: Bring, lost: None, made: Path, tmp_path: Path) -> None:
    told = manifest.read(made)
    manifest.sign(made, manifest.Manifest(**(vars(told) | {"log_root": "00" * 32})))
    assert any("checkpoint over" in fault for fault in bring(key_store=tmp_path / "keys").faults)
    assert json.loads((made / manifest.NAME).read_text())["log_root"] == "00" * 32


@pytest.fixture
def breaks_off(
    bring: Bring, lost: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> Callable[..., None]:
    """Restore onto a disk that is full once objects are copied; somebody was signed in, and notices wait."""

    def breaking(*certificates: object) -> None:
        Session.objects.create(session_key="x", session_data="", expire_date=now)
        with monkeypatch.context() as full:
            full.setattr(files, "_copied", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left")))
            with pytest.raises(OSError, match="No space left"):
                bring(*certificates, key_store=tmp_path / "keys")

    return breaking


def unsafe(purged: Item, heard: list[datetime]) -> list[str]:
    """Say what must not be so in a database from which something could be served or sent."""
    wrong = {
        "somebody is signed in": Session.objects.exists(),
        "mail goes out": not heard,
        "what was purged opens": bool(data_keys().wrapped([purged.public_id])),
        "nothing says so": not unfinished.sentence(),
    }
    return [sentence for sentence, is_so in wrong.items() if is_so]


def test_one_that_breaks_off_leaves_a_safe_database_and_a_mark_and_goes_on(
    breaks_off: Callable[..., None], bring: Bring, items: list[Item], purge: Callable[..., Purge], tmp_path: Path
) -> None:
    heard: list[datetime] = []
    follow_restore(heard.append)
    certificate = purge(items[0]).certificate
    data_keys().path.unlink()
    breaks_off(certificate)
    assert unsafe(items[0], heard) == []
    told = bring(certificate, key_store=tmp_path / "keys")
    assert (told.opened, told.faults, unfinished.stands()) == (1, (), False)
    assert list(blobs.store().names()) == [items[1].public_id]


def test_planted_bug_a_database_that_is_made_safe_last_is_seen(
    breaks_off: Callable[..., None], items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_make_safe", lambda *_, **__: 0)
    breaks_off()
    assert unsafe(items[0], []) == ["somebody is signed in", "mail goes out", "what was purged opens"]


def test_under_the_mark_another_backup_is_refused(
    breaks_off: Callable[..., None], bring: Bring, made: Path, tmp_path: Path
) -> None:
    breaks_off()
    told = manifest.read(made)
    manifest.sign(made, manifest.Manifest(**(vars(told) | {"made_at": "2026-11-22T12:00:00+00:00"})))
    with pytest.raises(ArchiveRefused, match="Give the same one again"):
        bring(key_store=tmp_path / "keys")


def test_what_was_brought_back_whole_is_not_copied_again(
    bring: Bring, lost: None, items: list[Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first object is there, the second only half, when the power comes back."""
    copied: list[str] = []
    real = files._copied

    def once(source: Path, target: Path, name: str) -> files.Listed:
        if copied:
            target.write_bytes(b"half")
            raise OSError(errno.EIO, "Input/output error")
        copied.append(name)
        return real(source, target, name)

    with monkeypatch.context() as failing:
        failing.setattr(files, "_copied", once)
        with pytest.raises(OSError, match="Input/output"):
            bring(key_store=tmp_path / "keys")
    again: list[str] = []
    monkeypatch.setattr(files, "_copied", lambda *each: (again.append(each[2]), real(*each))[1])
    assert bring(key_store=tmp_path / "keys").faults == ()
    assert len(again) == 1
    assert again != copied


def test_a_key_store_of_tombstones_alone_is_here_still(
    bring: Bring, items: list[Item], lost: None, tmp_path: Path
) -> None:
    """All was purged since the backup: an older copy must not take its place."""
    data_keys().destroy([item.public_id for item in items], purge="prg_1")
    with pytest.raises(ArchiveRefused, match="newer than any copy"):
        bring(key_store=tmp_path / "keys")


@pytest.fixture
def second(items: list[Item], made: Path, purge: Callable[..., Purge], tmp_path: Path, now: datetime) -> ChainPlace:
    """The first item was purged after the backup and the copy of the key store; that was shipped; all is lost."""
    place = ChainPlace(tmp_path / "second")
    purge(items[0])
    assert certify_purges(actor="test", now=now) == 1
    ship_taken_back(to=place)
    blobs.store().remove([item.public_id for item in items])
    data_keys().path.unlink()
    # What the backup holds knows of none of it.
    Tombstone.objects.all().delete()
    Purge.objects.all().delete()
    TakenBack.objects.all().delete()
    return place


def test_what_was_shipped_as_purged_is_purged_again_though_nobody_gave_a_certificate(
    second: ChainPlace, bring: Bring, items: list[Item], tmp_path: Path, now: datetime
) -> None:
    """Copy of the key store and database are both older than the purge."""
    told = bring(key_store=tmp_path / "keys", second_place=second.folder)
    assert (told.purged_again, told.opened, told.faults) == (1, 1, ())
    with pytest.raises(queries.Missing):
        queries.open_original(items[0])
    assert TakenBack.objects.get().kind == "purge"
    assert certify_purges(actor="test", now=now) == 0, "no number is given twice"


def test_planted_bug_without_the_second_place_it_would_open(
    second: ChainPlace, bring: Bring, items: list[Item], tmp_path: Path, paint: Callable[..., bytes]
) -> None:
    bring(key_store=tmp_path / "keys")
    assert queries.open_original(items[0]) == paint(1)


def test_a_second_place_whose_chain_was_cut_is_refused_before_anything_is_written(
    second: ChainPlace, bring: Bring, tmp_path: Path
) -> None:
    for path in (second.folder / "taken-back").glob("*.json"):
        path.unlink()
    with pytest.raises(ChainRefused, match="1 certificates were shipped"):
        bring(key_store=tmp_path / "keys", second_place=second.folder)
    assert (unfinished.stands(), data_keys().path.exists()) == (False, False)
