"""`make faults` knows every script, and says when a figure is short of what a release needs."""

import json
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
    assert [one for one in too_few(results) if "needs" in one] == [
        "kill postgres: 999 kills of the 1,000 that a release needs."
    ]


def test_what_a_figure_never_came_to_is_said_however_often_it_was_played() -> None:
    """Of twenty thousand requests none was to the operation that was added since."""
    asked = dict.fromkeys(run_faults.plays_of("api")["partners"].covers[0].names(), 9)
    results = {"api": {"partners sqlite": told(20_000) | {"done": asked | {"stage": 0}}}}
    assert "api partners sqlite: of 4 operations it never came to 1: stage." in [*too_few(results)]
    results["api"]["partners sqlite"]["done"] = asked
    assert not [one for one in too_few(results) if one.startswith("api partners sqlite")]


def test_a_database_on_which_nothing_was_played_is_said() -> None:
    """As where PostgreSQL is not installed, or a machine gives nobody a network of their own."""
    assert [*too_few({"access": {}})] == ["access sqlite: 0 cells of the 1,000 that a release needs."]
    assert [*too_few({"kill": {"sqlite": told(1_000)}})][-1].startswith("kill postgres: 0 kills")


def test_a_line_says_which_code_was_played_on() -> None:
    result = told(1_000) | {"code": {"2026-11-28 abc": 600}}
    assert next(lines({"kill": {"sqlite": result}})).endswith("code not noted (400), 2026-11-28 abc (600)")


def test_a_line_says_what_opens_all_the_same() -> None:
    """None of the purged items opens once their epoch was retired; until then they did."""
    result = told(1_000) | {"window_before_retirement": 990, "window_of_earlier_custodians_file": 980}
    (line,) = lines({"keys": {"purge sqlite": result}})
    assert "once their epoch was retired" in line
    assert "0 faults, 990 opened with an older key store until then, 980 open with that and an earlier" in line


def test_what_is_kept_is_told_without_playing(capsys: pytest.CaptureFixture[str]) -> None:
    """Every figure has a line; whether the code has more by now is said, and turns no build red."""
    kept = {one.script: json.loads((run_faults.KEPT / f"{one.script}.json").read_text()) for one in FIGURES}
    run_faults.told_of(kept, [], short=False)
    assert len(capsys.readouterr().out.splitlines()) > len(FIGURES)


def test_a_figure_of_which_nothing_was_tried_has_a_line() -> None:
    assert "NOT HELD: nothing was tried" in next(lines({"kill": {"sqlite": told(0)}}))
