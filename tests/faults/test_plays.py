"""The one form of the scripts of faults: what is printed, kept, taken up again, and red."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

SCRIPT = """
import sys
sys.path[:0] = [{faults!r}]
from covering import Cover
from plays import ALONE, Play, main

def play(folder, times, seed, *, planted):
    if planted == "away":
        return {{"skipped": "This machine has no such thing."}}
    return {{"cases": times, "wrong": bool(planted) * 2, "told": {{"seen": times}}}}

COVERS = (Cover("things", "seen_at", lambda: ("first", "late")),)

def slow(folder, times, seed, *, planted):
    return {{"cases": times, "seen_at": {{"late" if times == 7 else "first": 1}}}}

main([
    Play(__file__, "Doc.", slow, 7, 1, "none", name="slow", databases=ALONE, covers=COVERS),
    Play(__file__, "Doc.", slow, 5, 1, "none", name="never", databases=ALONE, covers=COVERS),
    Play(__file__, "Doc.", play, 30, 3, {{"bug": "two", "away": "none"}}, name="one", databases=ALONE),
    Play(__file__, "Doc.", play, 9, 1, "two", name="other", databases=ALONE, zero={{"wrong": "cases"}}),
])
"""

KEPT = ("--planted", "--into", "some.json")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script with two figures that play nothing."""
    path = tmp_path / "fault_some.py"
    path.write_text(SCRIPT.format(faults=str(Path(__file__).parent)))
    return path


def play(script: Path, *words: object) -> tuple[int, dict[str, Any]]:
    """Return how it ended and what it printed."""
    done = subprocess.run([sys.executable, str(script), *map(str, words)], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"said": done.stderr}


def test_each_figure_is_told_with_its_number_seed_and_bound(script: Path) -> None:
    code, told = play(script, "--seed", 7)
    assert (code, told["one alone"]["N"], told["one alone"]["seeds"]) == (0, 30, [7])
    assert (told["one alone"]["bound_95"], told["other alone"]["bounds"]) == (0.1, {"wrong": round(3 / 9, 8)})


def test_the_short_form_and_one_figure(script: Path) -> None:
    code, told = play(script, "one", "--short")
    assert (code, told["one alone"]["N"], "other alone" in told) == (0, 3, False)


def test_runs_add_up_in_a_file_and_a_total_is_taken_up_again(script: Path, tmp_path: Path) -> None:
    into = tmp_path / "into" / "some.json"
    play(script, "one", "--times", 10, "--into", into)
    _, told = play(script, "one", "--times", 30, "--total", 65, "--into", into)
    assert (told["one alone"]["N"], told["one alone"]["told"]) == (65, {"seen": 65})
    assert len(told["one alone"]["seeds"]) == 3
    assert play(script, "one", "--total", 65, "--into", into)[1]["one alone"] == told["one alone"]
    assert json.loads(into.read_text())["one alone"] == told["one alone"]


def test_what_a_figure_covers_is_played_on_for(script: Path, tmp_path: Path) -> None:
    """Three cases are enough by number, and then a lot is played until the late thing was seen."""
    _, told = play(script, "slow", "--total", 3, "--into", tmp_path / "some.json")
    assert (told["slow alone"]["N"], told["slow alone"]["seen_at"]) == (10, {"first": 1, "late": 1})


def test_what_never_comes_about_is_not_played_for_ever(script: Path, tmp_path: Path) -> None:
    _, told = play(script, "never", "--total", 3, "--into", tmp_path / "some.json")
    assert (told["never alone"]["N"], told["never alone"]["seen_at"]) == (13, {"first": 3})


def test_the_code_that_was_played_on_is_noted_with_its_cases(script: Path, tmp_path: Path) -> None:
    into = tmp_path / "some.json"
    for _ in range(2):
        _, told = play(script, "one", "--times", 10, "--into", into)
    assert [*told["one alone"]["code"].values()] == [20]


def test_a_planted_bug_turns_it_red_and_leaves_no_bound(script: Path) -> None:
    code, told = play(script, "other", "--planted")
    assert (code, told["other alone"]["faults"]) == (1, ["wrong is 2, not 0."])
    assert told["other alone"]["bound_95"] is None


def test_what_cannot_be_played_here_has_a_code_of_its_own(script: Path) -> None:
    code, told = play(script, "one", "--planted", "away")
    assert (code, told["one alone"]["skipped"]) == (3, "This machine has no such thing.")


@pytest.mark.parametrize("words", [("none",), ("--total", "5"), ("--planted", "nothing"), KEPT])
def test_what_is_asked_wrongly_is_said(script: Path, words: tuple[str, ...]) -> None:
    code, told = play(script, *words)
    assert (
        code,
        "figure" in told["said"]
        or "kept nowhere" in told["said"]
        or "--into" in told["said"]
        or "invalid" in told["said"],
    ) == (2, True)


@pytest.mark.parametrize("kills_server", [False, True])
def test_without_postgres_nothing_was_tried(script: Path, tmp_path: Path, *, kills_server: bool) -> None:
    """It is a sentence and a code of its own, whoever would have started the server."""
    text = script.read_text().replace('name="one", databases=ALONE', f'name="one", kills_server={kills_server}')
    nowhere = "import temporary_postgres\ntemporary_postgres.find_binaries = none\n"
    gone = "def none(): raise temporary_postgres.PostgresUnavailableError('There is none.')\n"
    script.write_text(text.replace("from covering", f"{gone}import plays\n{nowhere}from covering"))
    code, told = play(script, "one", "--database", "postgres")
    assert (code, told["one postgres"]) == (3, {"skipped": "There is none."})
