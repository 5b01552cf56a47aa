"""`make faults` knows every script, and says when a figure is short of what a release needs."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import run_faults
from run_faults import FIGURES, SCRIPTS, lines, too_few


def test_every_script_has_a_figure_and_every_figure_a_script() -> None:
    assert {path.stem.removeprefix("fault_") for path in SCRIPTS.glob("fault_*.py")} == {one.script for one in FIGURES}


@pytest.mark.parametrize("script", sorted({one.script for one in FIGURES}))
def test_every_script_is_played_in_the_one_form(script: str) -> None:
    (path,) = run_faults.scripts([script])
    assert "plays import" in path.read_text("utf-8")


def told(cases: int) -> dict[str, object]:
    """Return a result of one figure as it stands in its file."""
    return {"N": cases, "faults": [], "seeds": [1], "bound_95": 3 / cases if cases else None}


def test_too_few_is_said_of_each_database() -> None:
    results: dict[str, dict[str, object]] = {"kill": {"sqlite": told(1_000), "postgres": told(999), "planted": ""}}
    assert [*too_few(results)] == ["kill postgres: 999 kills of the 1,000 that a release needs."]


def test_a_figure_of_which_nothing_was_tried_has_a_line() -> None:
    assert "NOT HELD: nothing was tried" in next(lines({"kill": {"sqlite": told(0)}}))
