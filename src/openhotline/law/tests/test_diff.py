"""`law diff`, `law show` and `law check` at the terminal."""

import json
from importlib import resources
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openhotline.law import queries
from openhotline.law.commands import app
from openhotline.law.models import turning_days
from openhotline.law.panels import reference

IE = (resources.files("openhotline.law") / "rules" / "ie.toml").read_text("utf-8")


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def read(tmp_path: Path) -> Path:
    """A folder in which somebody recorded that the Irish rule is in force."""
    text = IE.replace('verified_on = ""', "verified_on = 2026-11-01\nvalid_from = 2018-01-01")
    (tmp_path / "ie.toml").write_text(text.replace('"unverified"', '"in_force"'))
    return tmp_path


def test_between_two_days_the_rules_that_began_are_named() -> None:
    code, said, _ = run("diff", "--from", "2010-04-05", "--to", "2010-04-06")
    assert code == 1
    assert said.splitlines() == [
        f"{place}: Coroners and Justice Act 2009, s62(1) [{place.lower()}-cja2009-s62] is law, since 2010-04-06"
        for place in ("GB-EAW", "GB-NIR")
    ]


def test_without_a_folder_nothing_differs_from_what_is_shipped() -> None:
    assert run("diff") == (0, "Nothing changed.\n", "")


def test_a_folder_is_held_against_the_shipped_rules_field_by_field(read: Path) -> None:
    code, said, _ = run("diff", "--folder", str(read))
    assert code == 1
    assert "[ie-1998-s2] changed" in said
    assert "commencement_status: unverified → in_force" in said
    assert "verified_on: None → 2026-11-01" in said


def test_the_outcomes_that_differ_are_counted_over_every_combination(
    read: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.RuleBook, "jurisdictions", ("IE",))
    code, said, _ = run("diff", "--folder", str(read), "--outcomes", "--json")
    # One of 7 kinds of content, of 4 values of depicts_child and of 3 of the test, for image and for video.
    assert json.loads(said)["outcomes"]["IE"]["not_determined → depiction"] == 2
    assert code == 1


def test_one_day_alone_is_refused() -> None:
    code, _, said = run("diff", "--from", "2010-04-05")
    assert (code, said) == (2, "Give both --from and --to, or neither of them.\n")


def test_the_law_of_a_day_names_what_decides_and_why_the_rest_does_not() -> None:
    code, said, _ = run("show", "--on", "2010-04-05", "--jurisdiction", "GB-EAW")
    assert code == 0
    assert "decides: Protection of Children Act 1978, s1(1) [gb-eaw-pca1978-s1] → photographic" in said
    assert "→ prohibited_image. Not yet law on 2010-04-05: in force from 2010-04-06." in said


def test_a_folder_is_checked_before_it_is_used(read: Path) -> None:
    code, said, _ = run("check", "--folder", str(read))
    assert code == 0
    assert "Nothing decides in: AU, DE, EU-DRAFT, US." in said


def test_a_broken_folder_ends_with_two_and_the_line(read: Path) -> None:
    (read / "ie.toml").write_text(IE.replace("age = 18", 'age = "18"'))
    code, _, said = run("check", "--folder", str(read))
    assert code == 2
    assert "Rule file ie.toml, line " in said


def test_turning_days_are_those_on_which_the_law_reads_differently() -> None:
    assert [str(day) for day in turning_days(queries.load(None), "GB-NIR")] == ["2009-02-02", "2010-04-06"]


def test_the_page_names_every_rule_and_says_where_nothing_decides() -> None:
    book = queries.load(None)
    page = reference(book)
    assert all(f"`{rule.id}`" in page for rule in book.rules)
    assert page.count("No rule decides here") == 5
