"""`openhotline report …`, as an operator types it."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision
from openhotline.statistics import commands
from openhotline.statistics.models import DayCount
from openhotline.statistics.services.roll_up import roll_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[..., Result]:
    monkeypatch.setattr(commands, "now", lambda: now)
    return lambda *words: CliRunner().invoke(commands.app, [str(word) for word in words])


def test_a_report_is_built_published_and_counted_again(
    run: Callable[..., Result], senior: Person, tmp_path: Path
) -> None:
    built = run("build", "2026-11", "--into", tmp_path / "out", "--publish-by", "senior")
    assert (built.exit_code, "figures on 2026-11" in built.output) == (0, True)
    again = run("reproduce", tmp_path / "out" / "report.json")
    assert (again.exit_code, "each is the same" in again.output) == (0, True)
    page = (tmp_path / "out" / "report.html").read_text()
    assert "NOT FINDINGS" in page
    assert "<script" not in page


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="the public tool is not installed")
def test_its_checksums_are_read_by_the_public_tool(run: Callable[..., Result], tmp_path: Path) -> None:
    run("build", "2026-11", "--into", tmp_path)
    assert subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=tmp_path, check=False).returncode == 0


def test_a_changed_file_ends_with_one_and_names_the_figure(run: Callable[..., Result], tmp_path: Path) -> None:
    run("build", "2026-11", "--into", tmp_path)
    file = tmp_path / "report.json"
    document = json.loads(file.read_text())
    document["sections"][1]["lines"][0] |= {"value": 7, "shown": "7"}
    file.write_text(json.dumps(document))
    told = run("reproduce", file, "--json")
    assert (told.exit_code, json.loads(told.stdout)["differences"]) == (
        1,
        ["Found: Found is 7 in the file, 0 counted again."],
    )


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "x"}', '{"format": "openhotline-report/1"}'])
def test_what_is_no_report_is_refused_with_a_sentence(run: Callable[..., Result], tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    told = run("reproduce", tmp_path / "x.json")
    assert (told.exit_code, bool(told.output.strip())) == (2, True)


@pytest.mark.parametrize("words", [("build", "soon", "--into", "x"), ("reproduce", "absent.json"), ("recount", "x")])
def test_what_cannot_be_done_is_a_sentence_and_a_code(run: Callable[..., Result], words: tuple[str, ...]) -> None:
    refused = run(*words)
    assert (refused.exit_code, bool(refused.output.strip())) == (2, True)


def test_a_folder_with_something_in_it_is_left_alone(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    assert "is not empty" in run("build", "2026-11", "--into", tmp_path).output


def test_kept_counts_are_compared_with_a_recount_and_mended(
    run: Callable[..., Result], decide: Callable[..., Decision], now: datetime
) -> None:
    decide()
    roll_up(actor="step:tick", now=now)
    assert run("recount", "2026").exit_code == 0
    DayCount.objects.filter(name="found").update(value=7)
    told = run("recount", "2026-11")
    assert (told.exit_code, "2026-11-21 found: 7 kept, 1 counted." in told.output) == (1, True)
    assert run("recount", "2026-11", "--mend").exit_code == 0
    assert run("recount", "2026-11").exit_code == 0


def test_a_folder_or_nothing_in_place_of_a_report_is_a_sentence(run: Callable[..., Result], tmp_path: Path) -> None:
    """The manager who names the folder of the report is told so, not by a number of the system."""
    for place, why in ((tmp_path, "Is a directory"), (tmp_path / "none.json", "No such file or directory")):
        told = run("reproduce", place)
        assert told.exit_code == 2
        assert told.stderr == f"{place} can be neither read nor written as a file: {why}.\n"
