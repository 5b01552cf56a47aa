"""A backup is whole and signed, or it is refused with a sentence."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from limits import RateLimitItemPerHour

from openhotline.core import blobs, limits
from openhotline.core.archive import database, files, manifest
from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.archive.files import Listed
from openhotline.core.archive.manifest import Manifest
from openhotline.core.models import DaySalt, Tally


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A backup of three files, listed and signed."""
    source = blobs.LocalFolder(tmp_path / "source")
    for name in ("itm_aa", "itm_bb", "itm_ab"):
        source.put(name, name.encode())
    folder = tmp_path / "archive"
    folder.mkdir()
    count = files.write_list(folder, files.copy_folder(source.folder, folder, "blobs"))
    signed(folder, count)
    return folder


def signed(folder: Path, count: int) -> None:
    """Sign what lies in a folder."""
    digest = files.listed(folder / files.LIST, files.LIST).sha256
    made = Manifest(
        made_at="2026-11-21T12:00:00+00:00",
        practice=True,
        vendor="sqlite",
        migrations=["evidence.0001_initial"],
        log_size=0,
        log_root="",
        files=count,
        files_sha256=digest,
        has_key_store=False,
    )
    manifest.sign(folder, made)


def test_every_file_is_listed_and_comes_back(archive: Path, tmp_path: Path) -> None:
    assert manifest.read(archive).files == 3
    assert [one.path for one in files.check_files(archive)] == ["blobs/aa/itm_aa", "blobs/ab/itm_ab", "blobs/bb/itm_bb"]
    assert files.put_back(archive, "blobs", tmp_path / "back") == 3
    assert blobs.LocalFolder(tmp_path / "back").get("itm_ab") == b"itm_ab"


def test_another_folder_is_left_out(archive: Path, tmp_path: Path) -> None:
    assert files.put_back(archive, "packages", tmp_path / "back") == 0


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_file_that_was_touched_is_named(archive: Path, harm: str) -> None:
    path = archive / "blobs/ab/itm_ab"
    if harm == "changed":
        path.write_bytes(b"itm_aB")
    else:
        path.unlink()
    with pytest.raises(ArchiveRefused, match="blobs/ab/itm_ab"):
        list(files.check_files(archive))


def test_a_list_that_was_touched_is_refused(archive: Path) -> None:
    lines = (archive / files.LIST).read_text().splitlines(keepends=True)
    (archive / files.LIST).write_text("".join(lines[1:]))
    with pytest.raises(ArchiveRefused, match="not the one that was signed"):
        manifest.read(archive)


@pytest.mark.parametrize("change", [{"made_at": "2020"}, {"practice": False}, {"signature": "00" * 64}, {"more": 1}])
def test_a_manifest_that_was_touched_is_refused(archive: Path, change: dict[str, Any]) -> None:
    told = json.loads((archive / manifest.NAME).read_text())
    (archive / manifest.NAME).write_text(json.dumps(told | change))
    with pytest.raises(ArchiveRefused, match="signature does not hold"):
        manifest.read(archive)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"signature": "x"}'])
def test_what_is_no_manifest_is_refused(archive: Path, content: str) -> None:
    (archive / manifest.NAME).write_text(content)
    with pytest.raises(ArchiveRefused, match="no complete backup"):
        manifest.read(archive)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "blobs/../../x", ""])
def test_a_path_that_leads_out_is_refused(archive: Path, path: str) -> None:
    def one() -> Iterator[Listed]:
        yield Listed(path, 0, "")

    files.write_list(archive, one())
    with pytest.raises(ArchiveRefused, match="leads out"):
        list(files.read_list(archive))


def test_what_vanishes_while_it_is_copied_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was purged meanwhile."""
    source = blobs.LocalFolder(tmp_path / "source")
    source.put("itm_aa", b"one")
    source.put("itm_bb", b"two")
    real = files._copied

    def purged(path: Path, target: Path, name: str) -> Listed:
        if path.name == "itm_aa":
            path.unlink()
        return real(path, target, name)

    monkeypatch.setattr(files, "_copied", purged)
    found = [one.path for one in files.copy_folder(source.folder, tmp_path / "archive", "blobs")]
    assert found == ["blobs/bb/itm_bb"]
    assert not (tmp_path / "archive/blobs/aa/itm_aa").exists()


def test_what_a_writer_has_not_finished_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "itm_aa.0123.part").write_bytes(b"half")
    assert list(files.copy_folder(tmp_path / "source", tmp_path / "archive", "blobs")) == []


@pytest.mark.django_db
def test_a_database_with_tables_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused, match="has tables already"):
        database.load(tmp_path / "any")


@pytest.mark.django_db
def test_a_newer_version_is_told_by_its_migrations() -> None:
    assert database.unknown_migrations(database.applied()) == []
    assert database.unknown_migrations(["evidence.9999_later"]) == ["evidence.9999_later"]


def test_a_program_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ArchiveRefused, match="apt-get install postgresql-client"):
        database._run("pg_dump")


SENDER = "198.51.100.7"


def test_no_session_and_no_count_of_senders_is_in_a_backup() -> None:
    """Asked of the models, so that a table that is named anew is not forgotten here."""
    assert {model._meta.db_table for model in (Session, Tally, DaySalt)} <= set(database.LEFT_OUT)


def test_by_a_backup_nobody_who_was_counted_can_be_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a row nor what is left of one is in the copy; the tables and all else are."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has a test of its own below")
    source, copy = tmp_path / "source", tmp_path / "copy"
    with closing(sqlite3.connect(source)) as made:
        for table in (*database.LEFT_OUT, "core_event"):
            made.execute(f"CREATE TABLE {table} (value TEXT)")
            made.execute(f"INSERT INTO {table} VALUES ('secret of {table}')")
        made.commit()
    monkeypatch.setattr(database, "_name", lambda: str(source))
    database.dump(copy)
    content = copy.read_bytes()
    assert [table for table in (*database.LEFT_OUT, "core_event") if f"secret of {table}".encode() in content] == [
        "core_event"
    ]
    assert all(f"CREATE TABLE {table}".encode() in content for table in database.LEFT_OUT)


@pytest.mark.django_db(transaction=True)
def test_by_a_dump_of_postgresql_nobody_who_was_counted_can_be_worked_out(tmp_path: Path, now: datetime) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has a test of its own above")
    limits.count((RateLimitItemPerHour(9),), "report", limits.hash_of_today(SENDER, now=now), now=now)
    Session.objects.create(session_key="of-a-session", session_data="", expire_date=now)
    database.dump(tmp_path / "dump")
    database._run("pg_restore", f"--file={tmp_path / 'text'}", str(tmp_path / "dump"))
    text = (tmp_path / "text").read_text()
    assert [table for table in (*database.LEFT_OUT, "core_event") if f"COPY public.{table} " in text] == ["core_event"]
    assert all(f" TABLE public.{table} (" in text for table in database.LEFT_OUT)
    assert "of-a-session" not in text
