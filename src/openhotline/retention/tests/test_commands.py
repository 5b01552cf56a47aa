"""``openhotline retention …``, as an operator calls it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Person
from openhotline.retention import policies
from openhotline.retention.commands import app

pytestmark = pytest.mark.django_db

HOLD = ("hold", "itm_a", "--cause", "police", "--reference", "7", "--until", "2099-01-01", "--by", "manager")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_the_table_says_what_is_left_to_the_operator(db: None) -> None:
    assert "FOR THE OPERATOR TO DECIDE" in run("table").output
    assert {"name", "days", "why", "legal_basis"} <= set(json.loads(run("table", "--json").stdout)[0])


def test_a_table_that_is_not_right_ends_with_2(db: None, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "mine.toml").write_text("[[class]]\nname = 'x'\n")
    settings.RETENTION = str(tmp_path / "mine.toml")
    done = run("table")
    assert (done.exit_code, "'x'" in done.output) == (2, True)


def test_a_hold_is_placed_listed_and_lifted(manager: Person) -> None:
    name = run(*HOLD).output.partition(":")[0]
    (row,) = json.loads(run("holds", "--json").stdout)
    assert (row["public_id"], row["subject"], row["reference"]) == (name, "itm_a", "7")
    assert run("lift", name, "--by", "manager").exit_code == 0
    assert json.loads(run("holds", "--json").stdout) == []


def test_somebody_unknown_holds_nothing(manager: Person) -> None:
    done = run(*HOLD[:-1], "nobody")
    assert (done.exit_code, "Nobody signs in as 'nobody'" in done.output) == (2, True)


def test_what_cannot_be_lifted_ends_with_2(manager: Person) -> None:
    assert run("lift", "hld_x", "--by", "manager").exit_code == 2


def test_who_holds_a_report_is_told_which_of_its_items_are_gone(
    manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "_answers", [lambda _subject: ["itm_gone"]])
    done = run("hold", "rep_a", *HOLD[2:])
    assert (done.exit_code, "1 of its items were purged before and are not: itm_gone" in done.output) == (0, True)
