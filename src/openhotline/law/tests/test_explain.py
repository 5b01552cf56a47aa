"""`law explain` at the terminal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from openhotline.law.commands import app

Explain = Callable[..., Result]


@pytest.fixture
def explain(tmp_path: Path) -> Explain:
    """Run the command on facts, given as JSON text."""

    def run(facts: str, *more: str, jurisdiction: str = "GB-EAW", on: str = "2026-11-21") -> Result:
        file = tmp_path / "facts.json"
        file.write_text(facts)
        arguments = ["explain", "--jurisdiction", jurisdiction, "--on", on, "--facts", str(file), *more]
        return CliRunner().invoke(app, arguments)

    return run


def test_the_kingdom_is_shown_as_three_places_apart(explain: Explain) -> None:
    result = explain('{"content_kind": "image", "depicts_child": "no"}', "--json", jurisdiction="GB")
    outcomes = json.loads(result.stdout)["outcomes"]
    assert [(o["jurisdiction"], o["criminal"]) for o in outcomes] == [
        ("GB-EAW", False),
        ("GB-NIR", False),
        ("GB-SCT", False),
    ]


def test_an_open_outcome_is_null_in_json(explain: Explain) -> None:
    [found] = json.loads(explain("{}", "--json").stdout)["outcomes"]
    assert (found["kind"], found["criminal"], found["category"]) == ("not_determined", None, None)


def test_the_page_gives_rule_standing_and_reason(explain: Explain) -> None:
    text = explain("{}").stdout
    assert "GB-EAW on 2026-11-21: not_determined" in text
    assert "nobody has recorded that it was brought into force" in text
    assert "indecent is not_determined, asked for yes: unknown" in text


@pytest.mark.parametrize(
    ("facts", "place", "sentence"),
    [
        ('{"indecent": "maybe"}', "GB-EAW", "'indecent' cannot be 'maybe'"),
        ("[]", "GB-EAW", "must hold one JSON object"),
        ("{", "GB-EAW", "cannot be read"),
        ("{}", "FR", "There are no rules for the jurisdiction 'FR'"),
    ],
)
def test_bad_input_ends_with_two_and_a_sentence(explain: Explain, facts: str, place: str, sentence: str) -> None:
    result = explain(facts, jurisdiction=place)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_folder_is_explained_file_by_file(tmp_path: Path) -> None:
    """Each under its name, in the same order whatever the folder's own is."""
    for name, facts in (("b", "{}"), ("a", '{"content_kind": "image", "depicts_child": "no"}')):
        (tmp_path / f"{name}.json").write_text(facts)
    asked = ["explain", "--jurisdiction", "GB", "--on", "2026-11-21", "--facts", str(tmp_path)]
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    kinds = {name: {one["kind"] for one in said["outcomes"]} for name, said in found.items()}
    assert kinds == {"a": {"not_criminal"}, "b": {"not_determined"}}
    text = CliRunner().invoke(app, asked).stdout
    assert 0 <= text.index("a\n=") < text.index("not_criminal") < text.index("b\n=")


def test_an_empty_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    asked = ["explain", "--jurisdiction", "GB", "--on", "2026-11-21", "--facts", str(tmp_path)]
    result = CliRunner().invoke(app, asked)
    assert (result.exit_code, result.stderr.strip()) == (2, f"There is no JSON file of facts in {tmp_path}.")
