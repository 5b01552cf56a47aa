"""The command says what it read, how far it could read, and never prints sealed text."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result
from typer.testing import CliRunner

from fileorigin.cli import ALL_READ, NOT_A_PICTURE, READ_IN_PART, WRONG_CALL, app

PROMPT = "a red cube\nSteps: 1"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def to(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to


def test_json_is_one_object_a_file(marked: Any, write: Any) -> None:
    """Programs read the open part; the prompt is not in it."""
    result = run(write("a.png", marked.png(parameters=PROMPT)), "--json")
    assert result.exit_code == ALL_READ
    told = json.loads(result.stdout)
    assert told["evidence"]["ai_involvement"] == "claimed_unsigned"
    assert told["sentences"]
    assert "red cube" not in result.stdout
    schema = json.loads(resources.files("fileorigin").joinpath("evidence.schema.json").read_text())
    jsonschema.validate(told["evidence"], schema)


def test_a_file_that_is_gone_is_a_line_of_its_own(marked: Any, write: Any) -> None:
    """A program that reads lines must not take a missing one for a file without marks."""
    result = run("--json", write("a.jpg", marked.picture()).with_name("none"))
    assert result.exit_code == NOT_A_PICTURE
    assert "cannot be read" in json.loads(result.stdout)["error"]


def test_people_read_sentences(marked: Any, write: Any) -> None:
    """Without --json the sentences of the desk are printed."""
    assert "No evidence either way." in run(write("a.jpg", marked.picture())).stdout


def test_each_mark_is_told_with_its_limits_and_without_its_text(marked: Any, write: Any) -> None:
    """What was found, where it stands, and what it cannot say."""
    shown = run(write("a.png", marked.png(parameters=PROMPT))).stdout
    assert "Marks of a generator: family a1111" in shown
    assert "tEXt@0x21" in shown
    assert "anyone can write it onto any picture" in shown
    assert "red cube" not in shown


def test_a_check_that_was_not_made_says_why(marked: Any, write: Any) -> None:
    """Not checked is not the same as not found."""
    shown = run(write("a.jpg", marked.picture(size=320))).stdout
    assert "Published watermark pattern: not checked, as its colour is subsampled" in shown


def test_what_is_no_picture_is_exit_code_1_and_the_rest_goes_on(marked: Any, write: Any) -> None:
    """One bad file does not hide the good one."""
    result = run(write("b.txt", "words"), write("gone", "").with_name("none"), write("a.jpg", marked.picture()))
    assert result.exit_code == NOT_A_PICTURE
    assert "No evidence either way." in result.stdout


def test_a_cut_file_is_exit_code_3(marked: Any, write: Any) -> None:
    """Marks may have been in the part that is missing."""
    result = run(write("a.png", marked.picture("PNG")[:-30]))
    assert result.exit_code == READ_IN_PART
    assert "not the same as finding no marks" in result.stdout


def test_a_trust_list_makes_a_signer_trusted(marked: Any, signer: Any, write: Any) -> None:
    """--trust takes root certificates, as a file or in a folder."""
    picture = write("a.jpg", signer.sign(marked.picture()))
    for roots in (write("roots.pem", signer.trust.anchors), write("lists/anchors.pem", signer.trust.anchors).parent):
        shown = json.loads(run(picture, "--json", "--trust", roots).stdout)
        assert shown["evidence"]["ai_involvement"] == "asserted_signed_trusted"


def test_a_trust_list_that_is_none_is_exit_code_2(marked: Any, write: Any) -> None:
    """A wrong list must not look like untrusted signers."""
    result = run(write("a.jpg", marked.picture()), "--trust", write("roots.pem", "no certificates"))
    assert result.exit_code == WRONG_CALL
    assert "not a list of certificates" in result.stderr
    assert result.stdout == ""


def test_the_help_explains_itself() -> None:
    """A newcomer learns what it does, an example, and what the exit codes mean."""
    shown = run("--help").stdout
    for words in ("offline", "Examples", "Exit codes", "missing marks mean nothing"):
        assert words in shown
