"""`openhotline key …` and `openhotline purge …`, as an operator types them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Person
from openhotline.core import keys, offline
from openhotline.core.datakeys import FILE
from openhotline.evidence import queries
from openhotline.evidence.commands import key, key_app, purge_app
from openhotline.evidence.commands import purge as purge_commands
from openhotline.evidence.commands.answers import REFUSED, WAITS
from openhotline.evidence.models import Item, Purge

pytestmark = pytest.mark.django_db

Run = Callable[..., Result]


@pytest.fixture
def run(vault: Path, operator: Person, monkeypatch: pytest.MonkeyPatch, now: Any) -> Run:
    """Type a command of one of the two groups."""
    for module in (key, purge_commands):
        monkeypatch.setattr(module, "now", lambda: now)
    apps = {"key": key_app, "purge": purge_app}
    return lambda group, *words: CliRunner().invoke(apps[group], [str(word) for word in words])


def test_an_epoch_begins_once_two_people_agreed(run: Run, approve_all: Callable[[], int]) -> None:
    first = run("key", "new-epoch", "--by", "operator")
    assert (first.exit_code, "second person" in first.output) == (WAITS, True)
    assert run("key", "new-epoch", "--by", "operator").exit_code == WAITS
    assert approve_all() == 1
    assert "Epoch 2 is current" in run("key", "new-epoch", "--by", "operator").output


def test_rotation_says_how_many_and_status_that_nothing_is_left(
    run: Run, approve_all: Callable[[], int], seal: Callable[..., list[Item]], paint: Callable[..., bytes]
) -> None:
    seal(paint(1), paint(2))
    run("key", "new-epoch", "--by", "operator")
    approve_all()
    run("key", "new-epoch", "--by", "operator")
    assert json.loads(run("key", "status", "--json").stdout)["left_to_rotate"] == 2
    assert "2 data keys were wrapped anew; 0 are left" in run("key", "rotate", "--by", "operator").output
    told = json.loads(run("key", "status", "--json").stdout)
    assert [(epoch["number"], epoch["keys"]) for epoch in told["epochs"]] == [(1, 0), (2, 2)]


def test_an_epoch_in_use_is_not_even_asked_for(run: Run) -> None:
    refused = run("key", "retire", "1", "--by", "operator")
    assert (refused.exit_code, "unknown, current" in refused.output) == (REFUSED, True)


def test_status_without_custodians_says_what_to_do(run: Run) -> None:
    told = run("key", "status")
    assert (told.exit_code, "No custodians are named" in told.output) == (1, True)


def test_keys_are_made_once(run: Run, vault: Path) -> None:
    assert "Every key is there" in run("key", "init").output
    keys.destroy(vault / "keys" / "lookup.key")
    assert "Made lookup.key" in run("key", "init").output


def test_no_key_is_made_where_something_lies_under_the_lost_one(
    run: Run, seal: Callable[..., list[Item]], paint: Callable[..., bytes], vault: Path
) -> None:
    seal(paint(1))
    keys.destroy(vault / "keys" / "epoch-1.key")
    refused = run("key", "init")
    assert (refused.exit_code, "has to be recovered" in refused.output) == (REFUSED, True)
    assert keys.epochs_in(vault / "keys") == []


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    there = ("--identity", tmp_path / "a", "--identity", tmp_path / "b")
    assert f"{tmp_path / 'a'} cannot be used: No such file" in run("key", "recover", "x.age", *there).output


def test_nobody_unknown_does_anything(run: Run) -> None:
    refused = run("key", "rotate", "--by", "nobody")
    assert (refused.exit_code, "Nobody signs in as 'nobody'" in refused.output) == (REFUSED, True)


def test_custodians_are_named_and_two_of_them_recover(
    run: Run, approve_all: Callable[[], int], people: list[x25519.Identity], vault: Path, tmp_path: Path
) -> None:
    recipients = [str(one.to_public()) for one in people]
    assert run("key", "custodians", *recipients, "--by", "operator").exit_code == WAITS
    approve_all()
    assert run("key", "custodians", *recipients, "--by", "operator").exit_code == 0
    assert run("key", "status").exit_code == 0
    keys.destroy(vault / "keys" / "epoch-1.key")
    for place, person in enumerate(people, start=1):
        (tmp_path / f"{place}.txt").write_text(f"# created: today\n# public key: x\n{person}\n")
    sealed = vault / "keys" / offline.FOLDER / "openhotline-keys-1+3.age"
    alone = run("key", "recover", sealed, "--identity", tmp_path / "1.txt")
    assert (alone.exit_code, "two custodians are needed" in alone.output) == (REFUSED, True)
    twice = run("key", "recover", sealed, "--identity", tmp_path / "1.txt", "--identity", tmp_path / "1.txt")
    assert (twice.exit_code, "one alone opens nothing" in twice.output) == (REFUSED, True)
    both = run("key", "recover", sealed, "--identity", tmp_path / "1.txt", "--identity", tmp_path / "3.txt")
    assert "Put back 1 keys: epoch-1.key" in both.output


def test_the_key_store_is_copied_where_two_people_allowed_it(
    run: Run, approve_all: Callable[[], int], seal: Callable[..., list[Item]], paint: Any, tmp_path: Path
) -> None:
    seal(paint(1))
    refused = run("key", "backup", tmp_path / "copy")
    assert (refused.exit_code, "allow-backups" in refused.output) == (REFUSED, True)
    allow = ("key", "allow-backups", tmp_path, "--days", "7", "--by", "operator")
    assert run(*allow).exit_code == WAITS
    approve_all()
    assert run(*allow).exit_code == 0
    assert "1 data keys are copied" in run("key", "backup", tmp_path / "copy").output
    assert run("key", "end-backups", tmp_path, "--by", "operator").exit_code == 0
    assert run("key", "backup", tmp_path / "more").exit_code == REFUSED
    assert (tmp_path / "copy" / FILE).exists()


def test_a_purge_from_its_draft_to_its_certificate(
    run: Run, approve_all: Callable[[], int], seal: Callable[..., list[Item]], paint: Any, tmp_path: Path
) -> None:
    first, second, kept = seal(paint(1), paint(2), paint(3))
    (tmp_path / "list").write_text(f"{second.public_id}\n")
    words = ("draft", first.public_id, "--from", tmp_path / "list", "--reason", "court_order", "--by", "operator")
    assert run("purge", *words).exit_code == WAITS
    name = Purge.objects.get().public_id
    shown = json.loads(run("purge", "show", name, "--json").stdout)
    assert {one["item"] for one in shown["manifest"]["items"]} == {first.public_id, second.public_id}
    assert run("purge", "run", name, "--by", "operator").exit_code == WAITS
    approve_all()
    done = run("purge", "run", name, "--by", "operator")
    assert done.exit_code == 0
    (tmp_path / "certificates").write_text(run("purge", "certificates").output)
    assert json.loads(done.stdout) == json.loads((tmp_path / "certificates").read_text())
    held = run("purge", "verify", tmp_path / "certificates", "--json")
    assert json.loads(held.stdout) == {"certificates": 1, "items": 2, "keys_left": []}
    assert queries.open_original(kept) == paint(3)


@pytest.mark.parametrize("content", ["no json", '{"format": "other"}'])
def test_what_is_no_certificate_is_refused(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text(content)
    assert run("purge", "verify", tmp_path / "file").exit_code == REFUSED


def test_an_unknown_purge_is_said_to_be_unknown(run: Run) -> None:
    refused = run("purge", "run", "prg_1", "--by", "operator")
    assert (refused.exit_code, "no purge 'prg_1'" in refused.output) == (REFUSED, True)
