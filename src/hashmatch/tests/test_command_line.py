"""The commands read and write JSON lines, and say in a sentence what is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from hashmatch import pdq
from hashmatch.cli import app

Pixels = NDArray[np.uint8]
ZERO = "00" * 32


def _run(*arguments: object, given: str = "") -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], input=given)


def _lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def picture_file(tmp_path: Path, make_picture: Callable[[int, int, int], Pixels], encode: Callable[..., bytes]) -> Path:
    """A generated picture on disk."""
    path = tmp_path / "picture.png"
    path.write_bytes(encode(make_picture(2, 100, 100), "PNG"))
    return path


def test_hash_prints_a_line_for_each_picture(picture_file: Path) -> None:
    """Hash, quality and rule; where one cannot be read its reason, and exit code 1."""
    bad = picture_file.with_name("bad")
    bad.write_bytes(b"no picture")

    result = _run("hash", picture_file, bad, "--workers", 1)

    good = pdq.from_bytes(picture_file.read_bytes())
    assert result.exit_code == 1
    assert _lines(result)[0]["pdq"] == good.hash.hex()
    assert _lines(result)[1]["reason"] == "unknown_format"


def test_what_hash_prints_can_be_built_and_matched(tmp_path: Path, picture_file: Path) -> None:
    """The commands are made to be chained; the line number is the id."""
    printed = tmp_path / "hashes"
    printed.write_text(_run("hash", picture_file).stdout)
    index = tmp_path / "list.idx"

    built = _run("build", printed, index, "--radius", 10)
    matched = _run("match", index, "-", "--verify", given=printed.read_text())

    assert _lines(built) == [{"index": str(index), "hashes": 1, "radius": 10}]
    assert _lines(matched) == [{"query": 0, "id": 0, "distance": 0}]


def test_stack_labels_each_line() -> None:
    """Ids are taken from the lines that have one."""
    lines = [json.dumps({"id": 5, "pdq": "00" * 32}), "ff" * 32, "", "00" * 31 + "01"]

    assert _lines(_run("stack", "-", given="\n".join(lines))) == [
        {"id": 5, "stack": 0},
        {"id": 1, "stack": 1},
        {"id": 3, "stack": 0},
    ]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("zz", "'zz'"),
        ("00" * 31, "'0000"),
        ("00 " * 32, "'00 00"),
        ("{", "'{'"),
        ('{"pdq": 5}', "5"),
        ('{"id": 1}', "there is no pdq"),
    ],
)
def test_a_line_that_is_no_hash_is_named(line: str, value: str) -> None:
    """By its number, with its value and what is allowed; exit code 2, no traceback."""
    result = _run("stack", "-", given="00" * 32 + "\n" + line)

    assert result.exit_code == 2
    assert f"standard input line 2 is not a hash: {value}" in result.stderr
    assert "Give 64 hex digits, or JSON with `pdq`" in result.stderr


@pytest.mark.parametrize("name", ["1e99", "9223372036854775808", '"7"', "null", "true"])
def test_an_id_that_is_no_whole_number_is_named(name: str) -> None:
    """With the line, the value and the range."""
    result = _run("stack", "-", given=f'{{"id": {name}, "pdq": "{ZERO}"}}')

    assert result.exit_code == 2
    assert "standard input line 1 has the id" in result.stderr
    assert "it must be a whole number from -9223372036854775808 to 9223372036854775807" in result.stderr


def test_a_file_that_is_no_index_is_refused(picture_file: Path) -> None:
    """With the sentence of the library."""
    result = _run("match", picture_file, "-")

    assert result.exit_code == 2
    assert "is not an index file" in result.stderr


@pytest.mark.parametrize("command", ["hash", "build", "match", "stack"])
def test_each_command_explains_itself(command: str) -> None:
    """`--help` names its arguments."""
    result = _run(command, "--help")

    assert result.exit_code == 0
    assert "Usage:" in result.stdout
