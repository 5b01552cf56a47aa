"""A bench measures side by side, says what fell short, and keeps what it found."""

import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image
from rich.progress import Progress
from typer.testing import CliRunner

from hashmatch import benchmarks, pdq
from hashmatch.benchmarks import drawing, measuring, peers, pictures
from hashmatch.benchmarks.measuring import Row, Setting
from hashmatch.cli import app

FAST = Row("search", 90.0, 60.0, "ms", 1.0, 0.9, 1.2, "noted", "a peer", 90.0)
SLOW = Row("build", 3.0, 10.0, "ms", 1.0, 0.9, 1.2, "", "a peer", 3.0)
LARGE = Row("memory", 171.0, 170.0, "bytes", 171.0, 171.0, 171.0, at_most=True)
STATED = Row("share", 70.0, None, "%", 70.0, 60.0, 80.0)


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """A suite that needs no time: what it finds."""
    found = [FAST, STATED]

    def measure(setting: Setting) -> Iterator[Row]:
        setting.tell("measuring")
        yield from found

    module = ModuleType("planted_suite")
    module.measure = measure  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "planted_suite", module)
    monkeypatch.setattr(benchmarks, "SUITES", {"planted": "planted_suite", "other": "absent"})
    return found


@pytest.mark.parametrize(("row", "reached"), [(FAST, True), (SLOW, False), (LARGE, False), (STATED, None)])
def test_a_bar_is_reached_or_not(row: Row, reached: bool | None) -> None:  # noqa: FBT001 - a parameter of the test
    """A least ratio, a greatest value, or nothing to reach."""
    assert row.reached is reached


def test_contenders_take_turns() -> None:
    """Once unmeasured, then one after the other in each round."""
    order: list[str] = []

    seconds = measuring.interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2)

    assert "".join(order) == "ababab"
    assert [len(each) for each in seconds.values()] == [2, 2]


def test_a_comparison_is_the_median_of_the_rounds_ratios() -> None:
    """Not the ratio of two medians: a round in which the machine was busy counts once."""
    seconds = {"ours": [0.1, 0.2, 0.1], "theirs": [1.0, 4.0, 3.0]}

    row = measuring.compared("x", seconds, "ours", "theirs", each=10, bar=15, note="n")

    assert row.ratio == pytest.approx(20)
    assert (row.median, row.low, row.high, row.peer_median) == pytest.approx((10, 10, 20, 300))


def test_what_falls_short_is_said() -> None:
    """In the table, beside its bar."""
    lines = benchmarks.as_text([FAST, SLOW, LARGE, STATED]).splitlines()

    assert ["SHORT" in line for line in lines] == [False, False, True, True, False]
    assert "90.0x" in lines[1]
    assert ">= 60" in lines[1]
    assert "<= 170" in lines[3]


def test_the_picture_has_a_bar_for_each_peer() -> None:
    """Longer for a greater ratio, and of another colour where it falls short."""
    root = ET.fromstring(drawing.drawn([FAST, SLOW, LARGE, STATED]))

    bars = [one for one in root.iter("{http://www.w3.org/2000/svg}rect") if one.get("height") == "15"]
    assert len(bars) == 2
    assert float(bars[0].get("width", 0)) > float(bars[1].get("width", 0))
    assert bars[0].get("fill") != bars[1].get("fill")


def test_figures_are_kept_and_those_of_other_suites_too(tmp_path: Path, suite: list[Row]) -> None:
    """The machine stands beside them."""
    (tmp_path / "other.json").write_text(json.dumps({"rows": [{**STATED_FIELDS, "name": "kept"}]}))

    with Progress(disable=True) as steps:
        rows = benchmarks.run(["planted"], tmp_path, steps, quick=True)

    written = json.loads((tmp_path / "planted.json").read_text())
    assert rows[:2] == suite
    assert rows[2].name == "kept"
    assert written["quick"] is True
    assert {"processor", "cores", "numba"} <= set(written["machine"])
    assert "search" in (tmp_path / "speed.svg").read_text()


STATED_FIELDS = {"ratio": 1.0, "bar": None, "unit": "%", "median": 1.0, "low": 1.0, "high": 1.0}


def test_falling_short_is_exit_code_1(tmp_path: Path, suite: list[Row]) -> None:
    """Reached is 0."""
    fine = CliRunner().invoke(app, ["bench", "--suite", "planted", "--out", str(tmp_path)])
    suite.append(SLOW)
    short = CliRunner().invoke(app, ["bench", "--suite", "planted", "--out", str(tmp_path)])

    assert (fine.exit_code, short.exit_code) == (0, 1)
    assert "SHORT" in short.stdout


def test_an_unknown_suite_is_named(tmp_path: Path, suite: list[Row]) -> None:
    """With those that there are."""
    result = CliRunner().invoke(app, ["bench", "--suite", "absent", "--out", str(tmp_path)])

    assert result.exit_code == 2
    assert "There is no suite absent; there are planted, other." in result.stderr


def test_a_missing_peer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to install it; no traceback."""
    monkeypatch.setitem(sys.modules, "threatexchange", None)
    monkeypatch.setitem(sys.modules, "threatexchange.signal_type.pdq.signal", None)

    result = CliRunner().invoke(app, ["bench", "--quick", "--suite", "hashing", "--out", str(tmp_path)])

    assert result.exit_code == 2
    assert "threatexchange is not installed" in result.stderr
    assert "make bench" in result.stderr


@pytest.mark.parametrize("suite", benchmarks.SUITES)
def test_each_suite_can_be_found(suite: str) -> None:
    """Its module has what is called."""
    assert callable(import_module(benchmarks.SUITES[suite]).measure)


def test_the_reference_is_what_we_give(make_picture: Callable[[int, int, int], np.ndarray]) -> None:
    """So the bench compares like with like."""
    data = pictures.encoded(Image.fromarray(make_picture(1, 200, 300)), "PNG")

    assert peers.reference(data) == pdq.from_bytes(data).hash


def test_pictures_are_the_same_every_time() -> None:
    """And no two kinds look alike."""
    made = [np.asarray(pictures.picture(seed, 96, 64)) for seed in range(5)]

    assert all(np.array_equal(one, np.asarray(pictures.picture(seed, 96, 64))) for seed, one in enumerate(made))
    assert min(np.abs(one.astype(int) - other).mean() for k, one in enumerate(made) for other in made[:k]) > 5


def test_hashes_of_pictures_are_kept(tmp_path: Path) -> None:
    """More are made when more are wanted."""
    few = pictures.picture_hashes(tmp_path, 5)
    more = pictures.picture_hashes(tmp_path, 8)

    assert np.array_equal(few, more[:5])
    assert np.load(tmp_path / "pictures.npy").shape == (8, 32)
    assert np.array_equal(pictures.picture_hashes(tmp_path, 3), more[:3])
