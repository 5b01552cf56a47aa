"""The command says what it read, and never prints sealed text."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from fileorigin.cli import app


def test_json_is_one_object_a_file(marked: Any, tmp_path: Path) -> None:
    """Programs read the open part; the prompt is not in it."""
    path = tmp_path / "a.png"
    path.write_bytes(marked.png(parameters="a red cube\nSteps: 1"))
    result = CliRunner().invoke(app, [str(path), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ai_involvement"] == "claimed_unsigned"
    assert "red cube" not in result.stdout


def test_people_read_sentences(marked: Any, tmp_path: Path) -> None:
    """Without --json the sentences of the desk are printed."""
    path = tmp_path / "a.jpg"
    path.write_bytes(marked.picture())
    assert "No evidence either way." in CliRunner().invoke(app, [str(path)]).stdout


def test_an_unreadable_file_is_exit_code_2_and_the_rest_goes_on(marked: Any, tmp_path: Path) -> None:
    """One bad file does not hide the good one."""
    good, bad = tmp_path / "a.jpg", tmp_path / "b.txt"
    good.write_bytes(marked.picture())
    bad.write_bytes(b"words")
    result = CliRunner().invoke(app, [str(bad), str(tmp_path / "none"), str(good)])
    assert result.exit_code == 2
    assert "No evidence either way." in result.stdout


def test_a_trust_list_makes_a_signer_trusted(marked: Any, signer: Any, tmp_path: Path) -> None:
    """--trust takes root certificates."""
    roots, path = tmp_path / "roots.pem", tmp_path / "a.jpg"
    roots.write_text(signer.trust.anchors, encoding="ascii")
    path.write_bytes(signer.sign(marked.picture()))
    result = CliRunner().invoke(app, [str(path), "--json", "--trust", str(roots)])
    assert json.loads(result.stdout)["ai_involvement"] == "asserted_signed_trusted"
