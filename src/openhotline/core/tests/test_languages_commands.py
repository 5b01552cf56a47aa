"""What a translator and an operator do on the command line, on a copy of the catalogues."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from openhotline.core.languages.commands import app
from openhotline.core.languages.places import LOCALE, TEMPLATE, place

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogues."""
    return Path(shutil.copytree(LOCALE, tmp_path / "locale"))


def run(*words: str, folder: Path) -> Result:
    """Run one command on a folder."""
    return CliRunner().invoke(app, [*words, "--folder", str(folder)])


def standing(code: str, folder: Path) -> dict[str, object]:
    """What status says of one language."""
    rows = json.loads(run("status", "--json", folder=folder).stdout)
    return next(row for row in rows if row["language"] == code)


def test_the_catalogues_fit_the_code(folder: Path) -> None:
    """As `make check` asks it."""
    done = run("extract", "--check", folder=folder)
    assert (done.exit_code, done.output) == (0, "")


def test_a_catalogue_that_is_behind_is_named_and_not_changed(folder: Path) -> None:
    template = folder / TEMPLATE
    template.write_text(template.read_text().replace('msgid "Language"', 'msgid "Tongue"'))
    before = template.read_bytes()
    done = run("extract", "--check", folder=folder)
    assert done.exit_code == 1
    assert f"{template} is behind the code. Write it again: make fix" in done.output
    assert template.read_bytes() == before
    assert run("extract", folder=folder).exit_code == 0
    assert run("extract", "--check", folder=folder).exit_code == 0


def test_a_language_goes_from_begun_to_shown_in_production(folder: Path) -> None:
    assert run("begin", "fr", folder=folder).exit_code == 0
    assert standing("fr", folder)["missing"] == standing("fr", folder)["texts"]
    path = place("cy", folder)
    for state in ("human", "safeguarding-checked"):
        assert standing("cy", folder)["shown"] == "practice only"
        done = run("review", "cy", state, folder=folder)
        assert f"texts are {state} now" in done.output
    row = standing("cy", folder)
    assert (row["safeguarding-checked"], row["shown"]) == (row["texts"], "practice and production")
    assert "review: machine" not in path.read_text()


def test_a_review_skips_no_step(folder: Path) -> None:
    assert run("review", "cy", "safeguarding-checked", folder=folder).output.startswith("0 of ")
    assert standing("cy", folder)["safeguarding-checked"] == 0


def test_one_part_can_be_reviewed_alone(folder: Path) -> None:
    run("review", "cy", "human", "--file", "403.html", folder=folder)
    assert 0 < int(str(standing("cy", folder)["human"])) < int(str(standing("cy", folder)["texts"]))


def test_a_review_is_taken_away_from_a_text_that_changed(folder: Path) -> None:
    run("review", "cy", "human", folder=folder)
    path = place("cy", folder)
    path.write_text(path.read_text().replace('msgstr "Iaith"', 'msgstr "Ieithoedd"'))
    assert "1 reviews were taken away" in run("extract", folder=folder).output
    assert standing("cy", folder)["machine"] == 1


def test_a_wrong_translation_stops_the_check_with_its_name(folder: Path) -> None:
    path = place("cy", folder)
    path.write_text(path.read_text().replace('msgstr "Iaith"', 'msgstr "<b>Iaith"'))
    done = run("extract", "--check", folder=folder)
    assert done.exit_code == 1
    assert "'Language': It must keep these placeholders and tags as they are: none. It has: <b>." in done.output


def test_the_made_up_language_can_be_written_again(folder: Path) -> None:
    before = place("ar-xb", folder).read_bytes()
    place("ar-xb", folder).unlink()
    assert run("pseudo", folder=folder).exit_code == 0
    assert place("ar-xb", folder).read_bytes() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("begin", "cy"), "'cy' was begun already"),
        (("begin", "xx"), "'xx' is not the code of a language known here"),
        (("begin", "../x"), "'../x' is not the code of a language known here"),
        (("review", "fr", "human"), "There is no catalogue of 'fr'"),
        (("review", "cy", "machine"), "'machine' is not one of: human, safeguarding-checked."),
    ],
)
def test_what_cannot_be_done_is_a_sentence(folder: Path, words: tuple[str, ...], sentence: str) -> None:
    done = run(*words, folder=folder)
    assert done.exit_code == 2
    assert sentence in done.output
