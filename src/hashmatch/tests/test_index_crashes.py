"""A save that fails or is killed leaves the old file; a damaged file is refused, never followed."""

import hashlib
import os
import random
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import hashmatch
from hashmatch import Index, IndexFileError, InvalidHashes, segments

_SAVING = """
import resource, sys
import numpy as np
from hashmatch import Index, IndexFileError
index = Index.build(np.random.default_rng(1).integers(0, 256, (20_000, 32), np.uint8), np.arange(20_000))
"""
_FOR_EVER = 'print("saving", flush=True)\nwhile True:\n    index.save(sys.argv[1])\n'
_TOO_LARGE = """
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    index.save(sys.argv[1])
except IndexFileError as error:
    print(error)
"""


def _python(program: str, *arguments: object) -> "subprocess.Popen[str]":
    source = str(Path(hashmatch.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": source},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved index of 50 hashes."""
    path = tmp_path / "list.idx"
    Index.build(np.random.default_rng(3).integers(0, 256, (50, 32), np.uint8), np.arange(50)).save(path)
    return path


@pytest.fixture
def tabled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A saved index with tables."""
    monkeypatch.setattr(segments, "TABLES_FROM", 10)
    path = tmp_path / "tabled.idx"
    Index.build(np.random.default_rng(4).integers(0, 256, (90, 32), np.uint8), np.arange(90)).save(path)
    return path


@pytest.mark.slow
def test_a_process_killed_while_saving_leaves_a_whole_file(saved: Path) -> None:
    """At whatever moment: the file is the old list or the new one."""
    chance = random.Random(0)
    for _ in range(12):
        with _python(_SAVING + _FOR_EVER, saved) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.08))
            process.send_signal(signal.SIGKILL)
        index = Index.open(saved)
        index.verify()
        assert len(index) in {50, 20_000}


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_file(saved: Path) -> None:
    """The error is the system's own, and no temporary file stays."""
    with _python("import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)" + _SAVING + _TOO_LARGE, saved) as done:
        assert done.stdout is not None
        assert "could not be written: File too large. What was there before is there still." in done.stdout.read()

    assert len(Index.open(saved)) == 50
    assert list(saved.parent.iterdir()) == [saved]


def test_a_file_of_another_version_is_named(saved: Path) -> None:
    """Of an older program or a newer one."""
    content = bytearray(saved.read_bytes())
    for version in (1, 3):
        content[8:12] = struct.pack("<I", version)
        content[96:128] = hashlib.sha256(content[:96]).digest()
        saved.write_bytes(content)

        with pytest.raises(IndexFileError, match=f"of version {version}; this program reads 2"):
            Index.open(saved)


@pytest.mark.parametrize(("place", "value"), [(12, 32), (32, 5), (16, 1 << 40)])
def test_a_header_that_no_index_has_is_refused(saved: Path, place: int, value: int) -> None:
    """Radius, number of tables and of rows, though the checksum is right."""
    content = bytearray(saved.read_bytes())
    size = 8 if place == 16 else 4
    content[place : place + size] = value.to_bytes(size, "little")
    content[96:128] = hashlib.sha256(content[:96]).digest()
    saved.write_bytes(content)

    with pytest.raises(IndexFileError, match="Build and save the index again"):
        Index.open(saved)


def test_tables_that_point_outside_are_refused(tabled: Path) -> None:
    """Following them would read other memory."""
    content = bytearray(tabled.read_bytes())
    offsets = 128 + -(-90 * 8 // 64) * 64 + -(-90 * 32 // 64) * 64
    content[offsets + 400 : offsets + 404] = (4_000_000_000).to_bytes(4, "little")
    tabled.write_bytes(content)

    with pytest.raises(IndexFileError, match="its tables do not fit its rows"):
        Index.open(tabled)


def test_row_numbers_that_point_outside_are_not_followed(tabled: Path) -> None:
    """The search goes on without them, and `verify` says what is wrong."""
    hashes = np.random.default_rng(4).integers(0, 256, (90, 32), np.uint8)
    content = bytearray(tabled.read_bytes())
    content[-64 * 90 :] = b"\xff" * (64 * 90)
    tabled.write_bytes(content)
    opened = Index.open(tabled)

    assert len(opened.search(hashes)) == 0
    with pytest.raises(IndexFileError, match="does not have the checksum"):
        opened.verify()


@pytest.mark.parametrize(
    "ids", [np.array([np.nan, 1.0]), np.array([1, None]), np.array(["a", "b"]), np.array([True, False])]
)
def test_ids_that_are_no_numbers_are_refused(ids: np.ndarray) -> None:
    """Not a number, nothing, text, yes and no."""
    with pytest.raises(InvalidHashes, match="Ids must be whole numbers"):
        Index.build(np.zeros((2, 32), np.uint8), ids)


def test_an_id_beyond_64_bits_is_refused() -> None:
    """It would come back as another."""
    with pytest.raises(InvalidHashes, match="Id 18446744073709551615 is too large"):
        Index.build(np.zeros((1, 32), np.uint8), np.array([2**64 - 1], np.uint64))


@pytest.mark.parametrize("radius", [-1, 32, 1.5, True, None, "31"])
def test_a_radius_that_is_no_distance_is_refused(radius: object) -> None:
    """In the library's own error."""
    with pytest.raises(InvalidHashes, match="Radius is"):
        Index.build(np.zeros((1, 32), np.uint8), np.array([1]), radius)  # type: ignore[arg-type]


def test_no_threads_cannot_search() -> None:
    """At least one."""
    with pytest.raises(InvalidHashes, match="threads is 0"):
        Index.build(np.zeros((1, 32), np.uint8), np.array([1])).search(np.zeros((1, 32), np.uint8), threads=0)
