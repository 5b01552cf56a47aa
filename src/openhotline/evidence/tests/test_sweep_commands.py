"""``openhotline sweep …``: drafted, approved by another person, run and ended; never an address in what is printed."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Authority, Person
from openhotline.core.clock import now as clock_now
from openhotline.evidence.commands import sweep as module
from openhotline.evidence.commands import sweep_app
from openhotline.intake.models import Report, Sweep
from openhotline.intake.states import SweepState

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(site: Any, paint: Callable[..., bytes], tmp_path: Path, authority: Authority) -> Path:
    """A list with one page of two pictures."""
    site.pages = {
        "/board": ("text/html", b"<!doctype html><img src='/1.png'><img src='/2.png'>"),
        "/1.png": ("image/png", paint(1)),
        "/2.png": ("image/png", paint(2)),
    }
    file = tmp_path / "list.txt"
    file.write_text(f"# of the practice site\n\n{site.origin}/board\n")
    return file


def told(*words: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(sweep_app, [str(word) for word in words])


def add(listed: Path) -> Result:
    """Draft a sweep of the list."""
    until = f"{clock_now() + timedelta(days=30):%Y-%m-%d}"
    options = ["--name", "boards", "--approver", "Office", "--under", "Agreement 1", "--jurisdiction", "GB"]
    return told("add", listed, *options, "--until", until, "--by", "operator")


def test_drafted_approved_begun_run_and_ended(
    listed: Path, operator: Person, approve_all: Callable[[], int], monkeypatch: pytest.MonkeyPatch, site: Any
) -> None:
    monkeypatch.setattr(module.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr("openhotline.evidence.services.visit_page.PAUSE", 0)
    printed = [add(listed)]
    assert printed[0].exit_code == 3
    assert told("begin", "boards", "--by", "operator").exit_code == 3
    Authority.objects.update(valid_from=clock_now() - timedelta(days=1))
    approve_all()
    printed.append(told("begin", "boards", "--by", "operator"))
    printed.append(told("run", "--json"))
    assert json.loads(printed[-1].stdout) == {"new": 1, "nothing_new": 0, "failed": 0, "refused": 0, "files": 2}
    printed.append(told("run"))
    assert printed[-1].output == "new: 0, nothing_new: 0, failed: 0, refused: 0, files: 0\n"
    printed += [told("list"), told("list", "--json"), told("end", "boards", "--by", "operator")]
    assert [one.exit_code for one in printed[1:]] == [0] * 6
    assert site.origin not in "".join(one.output for one in printed)
    assert (Sweep.objects.get().state, Report.objects.count()) == (SweepState.ENDED, 1)


def test_a_refusal_is_a_sentence(listed: Path, operator: Person, analyst: Person) -> None:
    assert "no sweep 'boards'" in told("end", "boards", "--by", "operator").stderr
    add(listed)
    refused = told("end", "boards", "--by", "analyst")
    assert (refused.exit_code, "does not keep sweeps" in refused.stderr) == (2, True)


def test_of_none_it_says_how_to_add_one(db: None, now: datetime) -> None:
    assert "There is no sweep yet" in told("list").output
