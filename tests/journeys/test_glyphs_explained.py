"""What the law of every shipped place says of every glyph of the practice pictures, as the commands print it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openhotline.law.commands import app as law
from openhotline.law.queries import load as shipped
from openhotline.practice.collection.structure import load
from openhotline.practice.commands import app as practice

ON = "2026-11-21"
UK = ("GB-EAW", "GB-NIR", "GB-SCT")
LETTERS = {"triangle-A": "A", "square-B": "B", "circle-C": "C", "pentagon-C": "C", "diamond-B": "B", "hexagon-C": "C"}
# Glyphs whose kind is the same in all three; Scotland ships no rule for what does not look like a photograph.
ALIKE = dict.fromkeys(LETTERS, "pseudo_photograph") | {
    "cross-N": "not_criminal",
    "frame-X": "not_criminal",
    "octagon-U": "not_determined",
}
APART = {"star-P": {"GB-EAW": "prohibited_image", "GB-NIR": "prohibited_image", "GB-SCT": "not_determined"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The facts of every glyph, as `openhotline practice facts` writes them."""
    assert CliRunner().invoke(practice, ["facts", str(tmp_path)]).exit_code == 0
    return tmp_path


def explain(folder: Path, *more: str) -> str:
    """Ask for every place at once."""
    asked = ["explain", "--jurisdiction", "all", "--on", ON, "--facts", str(folder), *more]
    result = CliRunner().invoke(law, asked)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_every_glyph_has_a_trace_in_every_place(folder: Path) -> None:
    """A step for each rule that the place ships, and none for another."""
    found, book = json.loads(explain(folder, "--json")), shipped(None)
    assert found.keys() == load().glyphs.keys()
    for code, said in found.items():
        assert [one["jurisdiction"] for one in said["outcomes"]] == list(book.jurisdictions)
        for one in said["outcomes"]:
            assert [step["rule_id"] for step in one["trace"]] == [rule.id for rule in book.of(one["jurisdiction"])]
        assert said["facts"].items() >= load().glyphs[code].facts.items()


def test_what_each_glyph_stands_for_is_what_the_law_derives(folder: Path) -> None:
    found = json.loads(explain(folder, "--json"))
    said = {
        code: {one["jurisdiction"]: (one["kind"], one["category"]) for one in glyph["outcomes"]}
        for code, glyph in found.items()
    }
    for code, places in said.items():
        for place, (kind, category) in places.items():
            if place not in UK:
                assert (kind, category) == ("not_determined", None), "what is unverified decides nothing"
                continue
            assert kind == APART.get(code, {}).get(place, ALIKE.get(code))
            assert category == LETTERS.get(code)


def test_the_text_has_a_heading_a_glyph_and_a_line_a_rule(folder: Path) -> None:
    text, book = explain(folder), shipped(None)
    assert all(f"{code}\n{'=' * len(code)}\n" in text for code in load().glyphs)
    assert text.count(f" on {ON}: ") == len(load().glyphs) * len(book.jurisdictions)
    for rule in book.rules:
        assert text.count(f"[{rule.id}]: ") == len(load().glyphs)
