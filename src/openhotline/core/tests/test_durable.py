"""What is on disk when, asked of the calls that reach the disk."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from openhotline.core import durable
from openhotline.core.archive import files, manifest
from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.archive.files import Listed
from openhotline.core.archive.manifest import Manifest
from openhotline.core.datakeys import FILE, data_keys

MADE = Manifest(
    made_at="2026-11-21T12:00:00+00:00",
    practice=True,
    vendor="sqlite",
    migrations=[],
    log_size=0,
    log_root="",
    files=1,
    files_sha256="",
    has_key_store=False,
)


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What reached the disk, in order: the kind of call, and the name of the file or folder."""
    told: list[tuple[str, str]] = []

    def name_of(handle: int) -> str:
        return Path(f"/proc/self/fd/{handle}").readlink().name

    class Disk:
        def syncfs(self, handle: int) -> int:
            told.append(("file system", name_of(handle)))
            return 0

    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        told.append(("in place", Path(target).name))
        return real(path, target)

    monkeypatch.setattr(os, "fsync", lambda handle: told.append(("flushed", name_of(handle))))
    monkeypatch.setattr(durable, "_libc", Disk)
    monkeypatch.setattr(Path, "replace", replace)
    return told


def test_a_file_is_on_disk_before_its_name_and_the_name_before_it_returns(
    tmp_path: Path, reached: list[tuple[str, str]]
) -> None:
    durable.write_new(tmp_path / "one", b"content")
    assert reached == [("flushed", ".one.aside"), ("in place", "one"), ("flushed", tmp_path.name)]
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o600


def test_each_folder_that_is_made_is_on_disk_in_the_one_above(tmp_path: Path, reached: list[tuple[str, str]]) -> None:
    durable.make_folder(tmp_path / "a" / "b")
    assert reached == [("flushed", tmp_path.name), ("flushed", "a")]
    durable.make_folder(tmp_path / "a" / "b")
    assert len(reached) == 2


def test_what_was_not_written_to_the_end_is_not_flushed(tmp_path: Path, reached: list[tuple[str, str]]) -> None:
    with pytest.raises(RuntimeError), durable.flushed(tmp_path):
        raise RuntimeError
    assert reached == []


def test_a_disk_that_fails_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def syncfs(self, _handle: int) -> int:
            return -1

    monkeypatch.setattr(durable, "_libc", Broken)
    with pytest.raises(OSError, match="could not be flushed"), durable.flushed(tmp_path):
        pass


def test_a_manifest_has_its_name_once_it_is_whole(tmp_path: Path, reached: list[tuple[str, str]]) -> None:
    manifest.sign(tmp_path, MADE)
    assert reached == [("flushed", ".manifest.json.aside"), ("in place", "manifest.json"), ("flushed", tmp_path.name)]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A backup's folder with one file in it."""
    (tmp_path / "source" / "aa").mkdir(parents=True)
    (tmp_path / "source" / "aa" / "itm_aa").write_bytes(b"sealed")
    folder = tmp_path / "archive"
    folder.mkdir()
    files.write_list(folder, files.copy_folder(tmp_path / "source", folder, "blobs"))
    return folder


def test_what_is_put_back_is_flushed_at_its_end(archive: Path, tmp_path: Path, reached: list[tuple[str, str]]) -> None:
    files.put_back(archive, "blobs", tmp_path / "back")
    assert reached[-1] == ("file system", "back")


def test_a_file_that_changes_while_it_is_put_back_is_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files._copied

    def damaged(source: Path, target: Path, name: str) -> Listed:
        source.write_bytes(b"other")
        return real(source, target, name)

    monkeypatch.setattr(files, "_copied", damaged)
    with pytest.raises(ArchiveRefused, match="changed while it was read"):
        files.put_back(archive, "blobs", tmp_path / "back")
    assert not (tmp_path / "back" / "aa" / "itm_aa").exists()


def test_a_copy_of_the_key_store_is_nobody_else_s_at_any_moment(
    tmp_path: Path, reached: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the umask would let everybody read it, and before the first page is in it."""
    modes: list[int] = []
    real = os.open

    def watched(path: Any, flags: int, mode: int = 0o777, **further: Any) -> int:
        if Path(path).name == FILE and flags & os.O_CREAT:
            modes.append(mode)
        return real(path, flags, mode, **further)

    data_keys().count()
    monkeypatch.setattr(os, "open", watched)
    data_keys().copy_to(tmp_path / "new" / FILE)
    assert modes == [0o600]
    assert reached[-2:] == [("flushed", FILE), ("flushed", "new")]
    assert ("flushed", tmp_path.name) in reached
