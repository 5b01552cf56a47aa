"""What was put is whole, durable after one flush, and can be found when nothing names it."""

import ctypes
import os
import time
from pathlib import Path

import pytest

from openhotline.core import blobs, durable
from openhotline.core.errors import Missing


@pytest.fixture
def store(tmp_path: Path) -> blobs.LocalFolder:
    """A store of its own."""
    return blobs.LocalFolder(tmp_path / "blobs")


def older(store: blobs.LocalFolder, name: str) -> None:
    """Let an object be an hour old."""
    then = time.time() - 3600
    os.utime(store.path_of(name), (then, then))


def test_an_object_comes_back(store: blobs.LocalFolder) -> None:
    store.put("itm_aa", b"sealed")
    store.flush()
    assert (store.get("itm_aa"), store.has("itm_aa"), store.has("itm_bb")) == (b"sealed", True, False)


def test_a_missing_object_is_said_to_be_missing(store: blobs.LocalFolder) -> None:
    with pytest.raises(Missing, match="itm_aa"):
        store.get("itm_aa")


def test_the_flush_hears_of_errors_since_before_the_first_byte(
    store: blobs.LocalFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Syncfs tells what went wrong since its handle was opened: so the handle is older than the object."""
    opened: list[bool] = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda *args, **rest: opened.append(store.has("itm_aa")) or real(*args, **rest))
    store.put("itm_aa", b"sealed")
    store.flush()
    assert opened == [False]


def test_a_disk_that_could_not_be_flushed_is_an_error(
    store: blobs.LocalFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def syncfs(self, _handle: int) -> int:
            ctypes.set_errno(5)
            return -1

    monkeypatch.setattr(durable, "_libc", Broken)
    store.put("itm_aa", b"sealed")
    with pytest.raises(OSError, match="could not be flushed"):
        store.flush()


def test_removed_is_removed_once(store: blobs.LocalFolder) -> None:
    store.put("itm_aa", b"sealed")
    assert (store.remove(["itm_aa", "itm_bb"]), store.remove(["itm_aa"])) == (1, 0)
    assert not store.has("itm_aa")


def test_only_what_is_old_enough_is_aged(store: blobs.LocalFolder) -> None:
    store.put("itm_aa", b"sealed")
    store.put("itm_2aa", b"sealed")
    older(store, "itm_aa")
    assert store.aged(0, seconds=600) == ["itm_aa"]
    assert store.aged(1, seconds=600) == []


def test_what_a_writer_that_died_left_aside_is_aged_too_and_can_be_removed(store: blobs.LocalFolder) -> None:
    store.put("itm_aa", b"sealed")
    store.path_of("itm_aa").rename(store.path_of("itm_aa.0123abcd.part"))
    older(store, "itm_aa.0123abcd.part")
    assert list(store.names()) == []
    assert store.remove(store.aged(0, seconds=600)) == 1


def test_every_part_is_a_folder_of_its_own() -> None:
    names = {blobs.part_name(part) for part in range(blobs.FOLDERS)}
    assert (len(names), blobs.part_name(0), blobs.part_name(1023)) == (1024, "aa", "77")
