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
