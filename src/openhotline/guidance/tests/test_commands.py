"""`openhotline guidance …` at the terminal."""

import json
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from typer.testing import CliRunner

from openhotline.guidance.commands import app
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.paths import every_path
from openhotline.guidance.queries.content import SHIPPED

run = CliRunner()


def test_check_says_how_many_paths_and_what_nobody_has_read(shipped: Guidance) -> None:
    count = sum(1 for flow in shipped.flows.values() for nation in flow.nations for _ in every_path(flow, nation))
    found = run.invoke(app, ["check"])
    assert found.exit_code == 0
    assert f"{len(shipped.flows)} flows, {count} paths: every question is reached and every path ends." in found.stdout
    assert "Source 'samaritans' is not yet checked" in found.stdout


def test_check_gives_the_same_to_a_program() -> None:
    found = json.loads(run.invoke(app, ["check", "--json"]).stdout)
    assert found["not_used"] == []
    assert found["not_kept"] == []


def test_check_refuses_a_broken_folder_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text("[[source]\n")
    found = run.invoke(app, ["check", "--folder", str(tmp_path)])
    assert found.exit_code == 1
    assert "sources.toml is not TOML" in found.stderr
    assert "line 1" in found.stderr


def test_check_names_what_is_overdue(tmp_path: Path) -> None:
    text = (SHIPPED / "flows" / "what-it-is.toml").read_text("utf-8")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "what-it-is.toml").write_text(
        text.replace("2026-11-27", "2020-01-01").replace("2027-05-27", "2020-02-02")
    )
    found = json.loads(run.invoke(app, ["check", "--folder", str(tmp_path), "--json"]).stdout)
    assert found["overdue"] == ["flows/what-it-is.toml: outcome 'explained' was to be reviewed by 2020-02-02."]
    assert len(found["not_kept"]) == 1


def test_paths_lists_every_way_of_one_flow() -> None:
    found = run.invoke(app, ["paths", "--flow", "came-across", "--nation", "wales"]).stdout.splitlines()
    assert "came-across nation=wales danger=no where=device → first-minutes" in found
    assert len(found) == 7
    lines = run.invoke(app, ["paths", "--flow", "came-across", "--json"]).stdout.splitlines()
    assert {json.loads(line)["nation"] for line in lines} >= {"england", "elsewhere"}


@pytest.mark.parametrize("option", ["--flow", "--nation"])
def test_paths_of_what_is_not_there_says_what_there_is(option: str) -> None:
    found = run.invoke(app, ["paths", option, "nowhere"])
    assert found.exit_code == 2
    assert "There is no 'nowhere'. There is:" in found.stderr


def test_the_map_draws_every_question_and_outcome(tmp_path: Path, shipped: Guidance) -> None:
    out = tmp_path / "map.svg"
    assert run.invoke(app, ["map", "--out", str(out)]).exit_code == 0
    drawn = fromstring(out.read_text("utf-8"))
    boxes = [one for one in drawn.iter() if one.tag.endswith("rect")]
    rules = [one for one in drawn.iter() if one.tag.endswith("path")]
    flows = shipped.flows.values()
    assert len(boxes) == sum(len(flow.questions) + len(flow.outcomes) for flow in flows)
    assert len(rules) == sum(len(question.rules) for flow in flows for question in flow.questions.values())
    assert run.invoke(app, ["map"]).stdout == out.read_text("utf-8")


def test_freeze_keeps_what_is_new_and_then_nothing(own_folder: Path) -> None:
    text = (SHIPPED / "flows" / "what-it-is.toml").read_text("utf-8")
    (own_folder / "flows" / "what-it-is.toml").write_text(text.replace("What it is", "What this is"))
    kept = run.invoke(app, ["freeze", "--because", "Said “more” clearly."])
    assert kept.exit_code == 0
    assert (own_folder / "past" / f"{kept.stdout.strip()}.json").is_file()
    again = run.invoke(app, ["freeze", "--because", "Again."])
    assert again.exit_code == 2
    assert "nothing to freeze" in again.stderr


def test_freeze_without_a_folder_says_what_to_give() -> None:
    found = run.invoke(app, ["freeze", "--because", "x"])
    assert found.exit_code == 2
    assert "Give --into" in found.stderr
