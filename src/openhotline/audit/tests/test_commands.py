"""``openhotline audit …``, as an operator calls it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner, Result

from openhotline.audit.commands import app
from openhotline.audit.models import Record, SecondPlace
from openhotline.audit.models.note import key_text

pytestmark = pytest.mark.django_db

Write = Callable[[int], list[Record]]


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_a_whole_log_ends_with_0(write: Write) -> None:
    write(3)
    done = run("verify")
    assert (done.exit_code, "3 records" in done.output, "the log is whole" in done.output) == (0, True, True)
    assert "No shipped checkpoints were compared" in done.output


def test_a_touched_log_ends_with_1_and_names_the_row(write: Write, as_owner: Callable[[str], None]) -> None:
    row = write(3)[1]
    as_owner(f"UPDATE audit_record SET count = 9 WHERE id = {row.pk}")
    done = run("verify", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["ok"]) == (1, False)
    assert row.pk in [fault["record"] for fault in told["faults"]]


def test_a_checkpoint_is_written_into_a_folder_and_compared(write: Write, place: SecondPlace) -> None:
    write(3)
    done = run("checkpoint", "--to", str(place.folder))
    (path,) = place.folder.rglob("*.checkpoint")
    assert path.read_text() == done.output
    assert json.loads(run("verify", "--against", str(place.folder), "--json").stdout)["shipped"] == 1


def test_another_key_than_the_one_that_was_kept_is_seen(write: Write) -> None:
    """Somebody replaced the signing key and computed everything again: the key kept elsewhere tells."""
    write(3)
    kept = key_text(Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key())
    assert run("verify", "--key", kept).exit_code == 1
    assert run("verify", "--key", run("checkpoint", "--key").output.strip()).exit_code == 0


def test_a_proof_is_checked_without_the_log(write: Write, tmp_path: Path) -> None:
    row = write(5)[2]
    proof = tmp_path / "proof.json"
    proof.write_text(run("prove", row.uuid).output)
    done = run("verify", "--proof", str(proof), "--json")
    assert (done.exit_code, json.loads(done.stdout)["ok"]) == (0, True)
    assert row.uuid in json.loads(done.stdout)["record"]


def test_a_proof_of_something_else_ends_with_1(write: Write, tmp_path: Path) -> None:
    row = write(5)[2]
    proof = tmp_path / "proof.json"
    proof.write_text(run("prove", row.uuid).output.replace("per_a", "per_b"))
    done = run("verify", "--proof", str(proof))
    assert (done.exit_code, "not in this log" in done.output) == (1, True)


def test_that_nothing_before_a_checkpoint_changed_can_be_proven(write: Write, tmp_path: Path) -> None:
    write(3), write(4)
    proof = tmp_path / "proof.json"
    proof.write_text(run("prove", "3", "--since").output)
    assert "over 7 records begins with the one over 3" in run("verify", "--proof", str(proof)).output


@pytest.mark.parametrize(
    "words",
    [
        ("prove", "aud_unknown"),
        ("prove", "x", "--since"),
        ("prove", "99", "--since"),
        ("verify", "--against", "/nowhere"),
        ("verify", "--key", "x"),
        ("verify", "--proof", "/nowhere"),
        ("grants", "--role", "x y"),
        ("checkpoint",),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_a_sentence(db: None, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert len(done.output) > 20


def test_grants_prints_what_the_owner_has_to_run(db: None) -> None:
    assert "REVOKE UPDATE, DELETE, TRUNCATE" in run("grants", "--role", "service").output
