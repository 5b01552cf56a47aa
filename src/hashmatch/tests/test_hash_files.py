"""Files of hashes are read as they were meant, or refused with file, line, value and what is allowed."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch import InvalidHashes, hash_files, result_tables

ZERO, ONES = "00" * 32, "ff" * 32
ROWS = st.lists(
    st.tuples(st.binary(min_size=32, max_size=32), st.integers(-(2**63), 2**63 - 1), st.text(max_size=9)), max_size=20
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples of a property."""
    return tmp_path_factory.mktemp("tables")


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "txt"])
@given(rows=ROWS)
def test_what_a_table_holds_is_read_again(folder: Path, suffix: str, rows: list[tuple[bytes, int, str]]) -> None:
    """Hashes and ids, whatever the file names beside them contain."""
    path = folder / f"hashes.{suffix}"
    columns = ("file", "pdq", "id")
    with result_tables.table(path, columns, result_tables.as_hashes) as write:
        for one, name, file in rows:
            write({"file": file, "pdq": one.hex(), "id": name})

    hashes, ids = hash_files.read(str(path))

    assert [bytes(one) for one in hashes] == [one for one, _, _ in rows]
    assert ids.tolist() == [name for _, name, _ in rows]


def test_an_array_has_its_row_numbers(tmp_path: Path) -> None:
    """A .npy holds hashes and nothing else."""
    np.save(tmp_path / "three.npy", np.arange(96, dtype=np.uint8).reshape(3, 32))

    hashes, ids = hash_files.read(str(tmp_path / "three.npy"))

    assert hashes[2].tolist() == list(range(64, 96))
    assert ids.tolist() == [0, 1, 2]


def test_rows_of_csv_are_counted_from_zero(tmp_path: Path) -> None:
    """Without the line of names; what could not be read as a picture counts and is left out."""
    path = tmp_path / "hashes.csv"
    path.write_text(f"file,pdq,quality,reason\na,{ZERO},9,\nb,,,corrupt\nc,{ONES},9,\n")

    hashes, ids = hash_files.read(str(path))

    assert ids.tolist() == [0, 2]
    assert hashes[1].tolist() == [255] * 32


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "line 1 names the columns not at all; one of them must be pdq"),
        (f"{ZERO}\n", "line 1 names the columns .*; one of them must be pdq"),
        (f"pdq\n{ZERO}\nzz\n", r"line 3 is not a hash: 'zz'\. Give 64 hex digits"),
        (f"id,pdq\n--7,{ZERO}\n", "line 2 has the id '--7'; it must be a whole number"),
        (f'pdq,file\n{ZERO},"a"b"\n', r"line 2 is not CSV .*\. Quote fields"),
    ],
)
def test_csv_that_is_wrong_says_where(tmp_path: Path, content: str, sentence: str) -> None:
    """By the line of the file, as an editor counts it."""
    path = tmp_path / "wrong.csv"
    path.write_text(content)

    with pytest.raises(InvalidHashes, match=f"wrong.csv {sentence}"):
        hash_files.read(str(path))


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (np.zeros((3, 31), np.uint8), r"uint8 \(3, 31\)"),
        (np.zeros(32, np.uint8), r"uint8 \(32,\)"),
        (np.full((1, 32), np.nan), r"float64 \(1, 32\)"),
    ],
)
def test_arrays_of_another_shape_or_type_are_refused(tmp_path: Path, array: np.ndarray, found: str) -> None:
    """With what they are and what is allowed."""
    np.save(tmp_path / "wrong.npy", array)

    with pytest.raises(InvalidHashes, match=rf"wrong.npy holds {found}; it must be uint8 of shape \(n, 32\)"):
        hash_files.read(str(tmp_path / "wrong.npy"))


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\0", b"PK\x03\x04", b"\x80\x04."])
def test_what_is_no_array_is_refused(tmp_path: Path, content: bytes) -> None:
    """Nothing in the file is run: pickles are not read."""
    (tmp_path / "wrong.npy").write_bytes(content)

    with pytest.raises(InvalidHashes, match=r"wrong.npy is not a .npy file, or it is damaged"):
        hash_files.read(str(tmp_path / "wrong.npy"))


def test_a_long_value_is_shortened(tmp_path: Path) -> None:
    """A line of a megabyte does not fill the screen."""
    (tmp_path / "long").write_text(json.dumps({"pdq": "z" * 1_000_000}))

    with pytest.raises(InvalidHashes) as caught:
        hash_files.read(str(tmp_path / "long"))
    assert len(str(caught.value)) < 300 + len(str(tmp_path))
