"""Index files are read from memory in huge pages where a machine has some, and found all the same without."""

from pathlib import Path

import numpy as np
import pytest

from openhotline.hashlists.models import glance
from openhotline.hashlists.models import served_list as module
from openhotline.hashlists.models.index_memory import faults_of_memory, in_memory
from openhotline.hashlists.models.served_list import ServedList, append, compact

MOUNTS = """tmpfs /dev/shm tmpfs rw 0 0
/dev/vda / ext4 rw 0 0
tmpfs /mnt/huge tmpfs rw,relatime,size=9437184k,huge=always 0 0
tmpfs /mnt/huge/plain tmpfs rw 0 0
"""


def rows(count: int, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(first)
    return np.arange(first, first + count, dtype=np.int64), rng.integers(0, 256, (count, 32), np.uint8)


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    (tmp_path / "memory").mkdir()
    return tmp_path / "memory"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "COMPACT_AT", 50)
    (tmp_path / "served").mkdir()
    return tmp_path / "served"


def test_what_is_searched_is_the_copy_and_one_copy_stays(folder: Path, memory: Path) -> None:
    """A newer index file takes the place of the older one there too; it is for its owner alone."""
    served = ServedList(folder, "ordinary", memory)
    for first in (0, 60):
        keys, hashes = rows(60, first)
        append(folder, "ordinary", keys, hashes)
        assert compact(folder, "ordinary")
        assert len(served.search(hashes)) == 60
        assert len(ServedList(folder, "ordinary", memory).search(hashes)) == 60
        (copy,) = memory.glob("*.index")
        assert copy.stat().st_mode & 0o777 == 0o600
        assert str(copy) in Path("/proc/self/maps").read_text()
    assert {one.name for one in memory.iterdir()} == {copy.name, "lock"}


def test_lists_that_were_begun_anew_are_copied_anew(folder: Path, memory: Path) -> None:
    """A file of the same name and size is another one."""
    served = ServedList(folder, "ordinary", memory)
    for first in (0, 60):
        module.begin_anew(folder)
        keys, hashes = rows(60, first)
        append(folder, "ordinary", keys, hashes)
        assert compact(folder, "ordinary")
        assert len(served.search(hashes)) == 60


def test_planted_bug_a_copy_known_by_its_name_alone_would_be_the_old_list(folder: Path, memory: Path) -> None:
    for first in (0, 60):
        module.begin_anew(folder)
        append(folder, "ordinary", *rows(60, first))
        assert compact(folder, "ordinary")
        index = next(folder.glob("*.index"))
        copy = in_memory(index, memory)
        assert copy.read_bytes() == index.read_bytes()
        assert copy.name != index.name


@pytest.mark.parametrize("broken", ["absent", "full"])
def test_without_room_it_is_read_from_where_it_lies(
    folder: Path, memory: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members are answered all the same, and nothing half is left behind."""
    if broken == "absent":
        memory.rmdir()
    else:

        def full(*_files: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("openhotline.hashlists.models.index_memory.shutil.copyfileobj", full)
    keys, hashes = rows(60)
    append(folder, "ordinary", keys, hashes)
    assert compact(folder, "ordinary")
    assert len(ServedList(folder, "ordinary", memory).search(hashes)) == 60
    assert not list(memory.glob("*.part"))


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("/mnt/huge/members", ""),
        ("/mnt/huge/plain/x", "is no tmpfs mounted with huge=always"),
        ("/srv/x", "is no tmpfs mounted with huge=always"),
        ("/dev/shm/x", "is no tmpfs mounted with huge=always"),
    ],
)
def test_the_check_says_where_it_gives_nothing(
    place: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    monkeypatch.setattr(Path, "is_dir", lambda _path: True)
    assert wrong in "".join(faults_of_memory(Path(place), tmp_path / "mounts"))
    assert bool(faults_of_memory(Path(place), tmp_path / "mounts")) == bool(wrong)


def test_the_check_says_that_a_folder_is_missing(tmp_path: Path) -> None:
    (told,) = faults_of_memory(tmp_path / "absent")
    assert "is no folder" in told


def test_a_process_that_serves_looks_by_the_clock_and_finds_it_then(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was found or not: only how long ago it looked counts."""
    moments = [0.0]
    monkeypatch.setattr(glance.time, "monotonic", lambda: moments[0])
    monkeypatch.setattr(glance, "_again", [glance.SERVING])
    served, (keys, hashes) = ServedList(folder, "ordinary"), rows(3)
    assert served.search(hashes) == []
    append(folder, "ordinary", keys, hashes)
    moments[0] = glance.SERVING / 2
    assert served.search(hashes) == []
    moments[0] = glance.SERVING
    assert len(served.search(hashes)) == 3
