"""Tables go to files in the format of their suffix, and an interrupted one goes on."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

import hashmatch
from hashmatch import pdq
from hashmatch.cli import app

Pixels = NDArray[np.uint8]


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path, make_picture: Callable[[int, int, int], Pixels], encode: Callable[..., bytes]) -> Path:
    """Three generated pictures, and between them a file that is none."""
    for seed, name in enumerate(["a.png", "c.png", "d.png"]):
        (tmp_path / "pictures").mkdir(exist_ok=True)
        (tmp_path / "pictures" / name).write_bytes(encode(make_picture(seed, 90, 100), "PNG"))
    (tmp_path / "pictures" / "b.txt").write_text("no picture")
    return tmp_path / "pictures"


def _hashes(folder: Path) -> list[bytes]:
    return [pdq.from_bytes((folder / name).read_bytes()).hash for name in ("a.png", "c.png", "d.png")]


def test_json_lines_say_what_could_not_be_read(folder: Path) -> None:
    """In the order of the walk; nothing is printed but the count, on standard error."""
    out = folder.parent / "out.jsonl"

    result = _run("hash", folder, "--out", out, "--workers", 1)

    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [Path(row["file"]).name for row in rows] == ["a.png", "b.txt", "c.png", "d.png"]
    assert [row.get("reason") for row in rows] == [None, "unknown_format", None, None]
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "1 of 4 files could not be read as pictures.\n"


def test_csv_has_the_documented_columns(folder: Path) -> None:
    """One line a file."""
    out = folder.parent / "out.csv"

    _run("hash", folder, "--out", out, "--workers", 1)

    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert list(rows[0]) == ["file", "pdq", "quality", "canonical", "reason", "error"]
    assert [row["pdq"] for row in rows if row["pdq"]] == [one.hex() for one in _hashes(folder)]


def test_an_array_has_the_hashes_alone(folder: Path) -> None:
    """Without the file that is no picture."""
    out = folder.parent / "out.npy"

    _run("hash", folder, "--out", out, "--workers", 1)

    assert [bytes(row) for row in np.load(out)] == _hashes(folder)


def test_a_table_in_the_folder_itself_is_not_hashed(folder: Path) -> None:
    """Also when it is there from the last time."""
    for _ in range(2):
        _run("hash", folder, "--out", folder / "out.jsonl", "--workers", 1)

    assert len((folder / "out.jsonl").read_text().splitlines()) == 4


def test_an_interrupted_table_goes_on(folder: Path) -> None:
    """After its last whole line; the one that it broke off in is written anew."""
    out = folder.parent / "out.jsonl"
    _run("hash", folder, "--out", out, "--workers", 1)
    whole = out.read_text()
    out.write_text(whole[: len(whole) // 2].replace(pdq.CANONICAL, "kept as it was", 1))

    result = _run("hash", folder, "--out", out, "--workers", 1, "--resume")

    assert result.exit_code in {0, 1}
    assert out.read_text() == whole.replace(pdq.CANONICAL, "kept as it was", 1)


@pytest.mark.slow
def test_interrupting_ends_with_a_sentence_and_can_go_on(folder: Path) -> None:
    """Ctrl-C in a terminal reaches every process; none prints a traceback, and whole lines are kept."""
    for copy in range(400):
        (folder / f"e{copy:03}.png").write_bytes((folder / "c.png").read_bytes())
    out = folder.parent / "out.jsonl"
    program = "from hashmatch.cli import main\nif __name__ == '__main__':\n    main()\n"
    (folder.parent / "program.py").write_text(program)
    command = [
        sys.executable,
        str(folder.parent / "program.py"),
        "hash",
        str(folder),
        "--out",
        str(out),
        "--workers",
        "2",
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(hashmatch.__file__).parents[1])}
    running = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not out.exists() and running.poll() is None:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate(timeout=60)[1]

    gone_on = _run("hash", folder, "--out", out, "--workers", 1, "--resume")

    assert (running.returncode, said) == (130, "Interrupted.\n")
    assert gone_on.exit_code in {0, 1}
    assert len({json.loads(line)["file"] for line in out.read_text().splitlines()}) == 404


@pytest.mark.parametrize("out", [[], ["--out", "x.csv"], ["--out", "x.npy"]])
def test_only_json_lines_go_on(folder: Path, out: list[str]) -> None:
    """With a sentence, and before anything is touched."""
    result = _run("hash", folder, "--resume", *out)

    assert result.exit_code == 2
    assert "Only a file of JSON lines can be gone on with" in " ".join(result.stderr.replace("│", " ").split())


def test_a_folder_that_is_not_there_is_an_unreadable_file(tmp_path: Path) -> None:
    """Its reason says so."""
    result = _run("hash", tmp_path / "absent")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["reason"] == "missing"


def test_a_file_name_that_is_not_utf_8_is_written(folder: Path) -> None:
    """As JSON that names the same file when it is read again."""
    odd = folder.parent / "odd"
    odd.mkdir()
    (odd / "a\udcff.png").write_bytes((folder / "a.png").read_bytes())

    result = _run("hash", odd, "--out", odd.parent / "out.jsonl")

    assert result.exit_code == 0
    assert json.loads((odd.parent / "out.jsonl").read_text())["file"] == str(odd / "a\udcff.png")


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "npy"])
def test_hashes_of_each_format_can_be_built_matched_and_stacked(folder: Path, suffix: str) -> None:
    """Matches and stacks as arrays: whole numbers in the documented columns."""
    hashes, index = folder.parent / f"out.{suffix}", folder.parent / "list.idx"
    _run("hash", folder, "--out", hashes, "--workers", 1)

    codes = [
        _run("build", hashes, index).exit_code,
        _run("match", index, hashes, "--radius", 0, "--out", folder.parent / "pairs.npy").exit_code,
        _run("stack", hashes, "--out", folder.parent / "stacks.npy").exit_code,
    ]

    names = [0, 1, 2] if suffix == "npy" else [0, 2, 3]
    assert codes == [0, 0, 0]
    assert np.load(folder.parent / "pairs.npy").tolist() == [[name, name, 0] for name in names]
    assert np.load(folder.parent / "stacks.npy").tolist() == [[name, stack] for stack, name in enumerate(names)]


def test_no_matches_are_an_empty_table(folder: Path) -> None:
    """Of the same columns, and no error."""
    np.save(folder.parent / "none.npy", np.zeros((0, 32), np.uint8))
    _run("build", folder.parent / "none.npy", folder.parent / "list.idx")

    result = _run("match", folder.parent / "list.idx", folder.parent / "none.npy", "--out", folder.parent / "pairs.npy")

    assert result.exit_code == 0
    assert np.load(folder.parent / "pairs.npy").shape == (0, 3)


def test_a_wrong_command_leaves_the_old_table(folder: Path) -> None:
    """It is opened when there is something to write."""
    out = folder.parent / "pairs.csv"
    out.write_text("precious")

    result = _run("match", folder / "b.txt", folder / "b.txt", "--out", out)

    assert result.exit_code == 2
    assert out.read_text() == "precious"
