"""The index finds every pair within the radius, once, and its file is whole or refused."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashmatch import Index, IndexFileError, InvalidHashes, Matches, brute_kernels, segments

Pixels = NDArray[np.uint8]
Distances = Callable[[Pixels, Pixels], NDArray[np.int64]]


def _hashes(rng: np.random.Generator, count: int) -> Pixels:
    """Random hashes, a third of them copies of others with 0..40 bits flipped."""
    hashes = rng.integers(0, 256, (count, 32), np.uint8)
    for row in range(count // 3):
        hashes[row] = _flipped(rng, hashes[rng.integers(0, count)], int(rng.integers(0, 41)))
    return hashes


def _flipped(rng: np.random.Generator, one: Pixels, bits: int) -> Pixels:
    unpacked = np.unpackbits(one)
    unpacked[rng.choice(256, bits, replace=False)] ^= 1
    return np.packbits(unpacked)


def _expected(found: NDArray[np.int64], ids: NDArray[np.int64], radius: int) -> list[tuple[int, int, int]]:
    query, row = np.nonzero(found <= radius)
    return sorted(zip(query.tolist(), found[query, row].tolist(), ids[row].tolist(), strict=True))


def _triples(matches: Matches) -> list[tuple[int, int, int]]:
    return list(zip(matches.query.tolist(), matches.distance.tolist(), matches.id.tolist(), strict=True))


@given(seed=st.integers(0, 2**32), count=st.integers(0, 300), queries=st.integers(0, 20), radius=st.integers(0, 31))
def test_search_is_the_plain_comparison(distances: Distances, seed: int, count: int, queries: int, radius: int) -> None:
    """Same pairs and distances as comparing everything, sorted by query, distance and id."""
    rng = np.random.default_rng(seed)
    hashes, ids = _hashes(rng, count), rng.choice(10**6, count, replace=False) - 500_000
    asked = np.concatenate((_hashes(rng, queries), hashes[:5]))

    matches = Index.build(hashes, ids).search(asked, radius)

    assert _triples(matches) == _expected(distances(asked, hashes), ids, radius)
    assert (matches.query.dtype, matches.id.dtype, matches.distance.dtype) == (np.int64, np.int64, np.uint8)


@given(seed=st.integers(0, 2**32), quarter=st.integers(0, 3))
def test_exactly_31_is_in_and_32_is_out(seed: int, quarter: int) -> None:
    """Wherever the flipped bits lie, also all in one part of the hash."""
    rng = np.random.default_rng(seed)
    one = rng.integers(0, 256, 32, np.uint8)
    order = np.concatenate((rng.permutation(64) + 64 * quarter, rng.permutation(256)))
    order = order[np.sort(np.unique(order, return_index=True)[1])]
    near, far = np.unpackbits(one), np.unpackbits(one)
    near[order[:31]] ^= 1
    far[order[:32]] ^= 1
    index = Index.build(np.packbits(np.stack((near, far)), axis=1), np.array([7, 8]))

    assert _triples(index.search(one[None])) == [(0, 31, 7)]


@pytest.mark.parametrize("count", [1, 2, 4, 8, 64, 1024, 8192])
def test_identical_hashes_are_all_found(count: int) -> None:
    """A list of one hash, once or many times over, is a list like any other, saved and opened too."""
    hashes = np.tile(np.arange(32, dtype=np.uint8), (count, 1))

    matches = Index.build(hashes, np.arange(count)).search(hashes[:1])

    assert matches.id.tolist() == list(range(count))
    assert set(matches.distance.tolist()) == {0}


def test_limit_one_too_low_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: a kernel that asks for less than the radius loses the pair at exactly 31."""
    kernel = brute_kernels.within
    monkeypatch.setattr(brute_kernels, "within", lambda c, g, q, radius: kernel(c, g, q, radius - 1))

    with pytest.raises(AssertionError):
        test_exactly_31_is_in_and_32_is_out.hypothesis.inner_test(1, 0)  # type: ignore[attr-defined]


@pytest.mark.parametrize("tables_from", [20, 10_000])
def test_one_query_finds_what_a_batch_finds(monkeypatch: pytest.MonkeyPatch, tables_from: int) -> None:
    """Compared as a whole or looked up in tables, in one part or several, some removed: the same pairs."""
    monkeypatch.setattr(segments, "TABLES_FROM", tables_from)
    rng = np.random.default_rng(5)
    pool = _hashes(rng, 400)
    index = Index.build(pool[:300], np.arange(300)[::-1].copy())
    index.add(pool[300:], np.arange(300, 400))
    index.remove(np.arange(0, 400, 7))

    for radius in (0, 20, 31):
        for one in pool[::3]:
            batch = index.search(one[None], radius)
            assert index.near(one.tobytes(), radius) == list(
                zip(batch.id.tolist(), batch.distance.tolist(), strict=True)
            )


def test_one_query_has_32_bytes() -> None:
    """Less or more is refused with a sentence, and an empty list has nothing near."""
    index = Index.build(np.empty((0, 32), np.uint8), np.empty(0, np.int64))

    assert index.near(bytes(32)) == []
    with pytest.raises(InvalidHashes, match="32 bytes; this has 31"):
        index.near(bytes(31))


def test_planted_bug_one_query_that_is_not_balanced_finds_nothing_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the query compared as it came, its bits would meet others; the batch would find the pair."""
    kernel = brute_kernels.within
    one = _flipped(np.random.default_rng(1), np.arange(32, dtype=np.uint8), 9)
    index = Index.build(np.arange(32, dtype=np.uint8)[None], np.array([4]))
    assert index.near(one.tobytes()) == [(4, 9)]
    monkeypatch.setattr(brute_kernels, "within_of_one", kernel)
    assert index.near(one.tobytes()) == []


def test_empty_index_and_empty_query() -> None:
    """Nothing is found, and nothing goes wrong."""
    none = np.empty((0, 32), np.uint8)
    empty = Index.build(none, np.empty(0, np.int64))

    assert (len(empty), len(empty.search(none)), len(empty.search(np.zeros((3, 32), np.uint8)))) == (0, 0, 0)


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 6))
def test_adding_and_removing_equals_building_anew(seed: int, steps: int) -> None:
    """After any changes the answers are those of an index built of what is left."""
    rng = np.random.default_rng(seed)
    pool = _hashes(rng, 120)
    held = set(range(40))
    index = Index.build(pool[:40], np.arange(40))
    for _ in range(steps):
        out = rng.choice(sorted(held), min(len(held), 15), replace=False)
        index.remove(out)
        held -= set(out.tolist())
        new = rng.choice(sorted(set(range(120)) - held), 20, replace=False)
        index.add(pool[new], new)
        held |= set(new.tolist())
    ids = np.array(sorted(held))

    assert _triples(index.search(pool)) == _triples(Index.build(pool[ids], ids).search(pool))
    assert len(index) == len(held)
    assert index.ids.tolist() == ids.tolist()


def test_a_refused_change_changes_nothing() -> None:
    """An id twice, taken or unknown is named, and the index stays as it was."""
    index = Index.build(np.zeros((3, 32), np.uint8), np.array([1, 2, 3]))

    with pytest.raises(InvalidHashes, match="Id 3 is in the index already"):
        index.add(np.ones((2, 32), np.uint8), np.array([9, 3]))
    with pytest.raises(InvalidHashes, match="Id 9 is not in the index"):
        index.remove(np.array([1, 9]))
    with pytest.raises(InvalidHashes, match="Id 5 is given more than once"):
        index.add(np.ones((2, 32), np.uint8), np.array([5, 5]))

    assert index.ids.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "hashes", [np.zeros((2, 31), np.uint8), np.zeros(32, np.uint8), np.zeros((2, 32), np.int64), np.zeros((0,))]
)
def test_other_arrays_are_refused(hashes: NDArray[np.generic]) -> None:
    """Shape and type are named, and what is allowed."""
    with pytest.raises(InvalidHashes, match=r"uint8 array of shape \(n, 32\).*this is"):
        Index.build(hashes, np.arange(len(hashes)))  # type: ignore[arg-type]


@pytest.mark.parametrize("ids", [np.arange(3), np.array([0.0, 1.0]), np.array([[0, 1]])])
def test_ids_must_fit_the_hashes(ids: NDArray[np.generic]) -> None:
    """One whole number a hash."""
    with pytest.raises(InvalidHashes, match="Ids must be whole numbers, one for each of the 2 hashes"):
        Index.build(np.zeros((2, 32), np.uint8), ids)  # type: ignore[arg-type]


def test_radius_has_bounds() -> None:
    """0..31 to build, and no more than that to search."""
    hashes, ids = np.zeros((1, 32), np.uint8), np.array([1])

    with pytest.raises(InvalidHashes, match="Radius is 32; it must be from 0 to 31 bits"):
        Index.build(hashes, ids, radius=32)
    with pytest.raises(InvalidHashes, match="from 0 to 10 bits"):
        Index.build(hashes, ids, radius=10).search(hashes, 11)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved index of 50 hashes."""
    path = tmp_path / "list.idx"
    Index.build(_hashes(np.random.default_rng(3), 50), np.arange(50) * 3).save(path)
    return path


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_an_opened_file_answers_like_the_index(tmp_path: Path, count: int) -> None:
    """Also of no and of one hash; and it takes changes, which the next save writes."""
    hashes = _hashes(np.random.default_rng(count), count + 1)
    index = Index.build(hashes[:count], np.arange(count))
    index.save(tmp_path / "one")

    opened = Index.open(tmp_path / "one")
    opened.verify()
    assert _triples(opened.search(hashes)) == _triples(index.search(hashes))

    opened.add(hashes[count:], np.array([99]))
    opened.save(tmp_path / "one")
    assert Index.open(tmp_path / "one").ids.tolist() == [*range(count), 99]


def test_the_file_is_for_its_owner_alone(saved: Path) -> None:
    """A list of hashes is sensitive."""
    assert saved.stat().st_mode & 0o777 == 0o600


def test_any_changed_byte_of_the_header_is_refused(saved: Path) -> None:
    """Magic, version, sizes, checksums, and the zeros between."""
    good = saved.read_bytes()
    for position in range(128):
        saved.write_bytes(good[:position] + bytes([good[position] ^ 0x10]) + good[position + 1 :])

        with pytest.raises(IndexFileError, match="Build and save the index again"):
            Index.open(saved)


@pytest.mark.parametrize("position", [128, 300, 528, 1000, -1])
def test_a_changed_body_is_found_by_verify(saved: Path, position: int) -> None:
    """Opening reads the header only; verifying reads all."""
    content = bytearray(saved.read_bytes())
    content[position] ^= 1
    saved.write_bytes(content)

    with pytest.raises(IndexFileError, match="does not have the checksum"):
        Index.open(saved).verify()


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b + b"\0", lambda b: b[:60], lambda _: b""])
def test_a_file_of_another_length_is_refused(saved: Path, change: Callable[[bytes], bytes]) -> None:
    """Cut or grown."""
    saved.write_bytes(change(saved.read_bytes()))

    with pytest.raises(IndexFileError, match="Build and save the index again"):
        Index.open(saved)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """In the library's own error."""
    with pytest.raises(IndexFileError, match="cannot be opened: No such file"):
        Index.open(tmp_path / "none")


def test_an_open_index_outlives_a_new_save(saved: Path) -> None:
    """A process that has the old file open goes on with it."""
    old = Index.open(saved)

    Index.build(np.zeros((1, 32), np.uint8), np.array([5])).save(saved)

    old.verify()
    assert (len(old), len(Index.open(saved))) == (50, 1)


def test_a_failed_save_leaves_the_old_file_alone(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no temporary file beside it."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IndexFileError, match="No space left"):
        Index.build(np.zeros((1, 32), np.uint8), np.array([5])).save(saved)

    assert len(Index.open(saved)) == 50
    assert list(saved.parent.iterdir()) == [saved]


_KILLED = """
import os, signal, sys
import numpy as np
from hashmatch import Index
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Index.build(np.zeros((1, 32), np.uint8), np.array([5])).save(sys.argv[1])
"""


@pytest.mark.slow
def test_a_killed_save_leaves_the_old_file(saved: Path) -> None:
    """Killed after all is written but before the rename: the old list is there, whole."""
    source = str(Path(brute_kernels.__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", _KILLED, saved], check=False, env={**os.environ, "PYTHONPATH": source})

    assert done.returncode == -signal.SIGKILL
    Index.open(saved).verify()
    assert len(Index.open(saved)) == 50
