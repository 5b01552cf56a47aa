"""``openhotline removals …``: what an operator reads and other hotlines send."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519
from typer.testing import CliRunner

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.removal.commands import removals
from openhotline.removal.models import Contact, Hold, Notice, Removal
from openhotline.removal.models.handover_file import opened, sealed

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[int, str]:
    said = CliRunner().invoke(removals, [str(one) for one in arguments])
    return said.exit_code, said.output


def test_status_ends_with_1_while_a_hold_has_run_out(noticed: Callable[[int], list[Removal]]) -> None:
    (removal,) = noticed(1)
    code, said = run("status", "--json")
    assert (code, json.loads(said)["by_state"]) == (0, {"noticed": 1})
    past = now() - timedelta(days=1)
    Hold.objects.create(removal=removal, rule="x", begun_at=past, runs_out_at=past)
    assert run("status")[0] == 1


def test_a_file_goes_abroad_and_one_comes_back(
    waiting: Callable[[int], list[Removal]], senior: Person, settings: Any, tmp_path: Path
) -> None:
    (removal,) = waiting(1)
    key = x25519.Identity.generate()
    settings.HOTLINES = tmp_path / "hotlines.toml"
    row = f'name = "x"\ncountry = "GB"\nage_key = "{key.to_public()}"\nsource = "x"\n'
    settings.HOTLINES.write_text(f"[[hotline]]\n{row}")
    out, back, identity = tmp_path / "out.age", tmp_path / "back.age", tmp_path / "identity"
    code, said = run("hand-abroad", "GB", "--into", out, "--by", "senior")
    assert (code, "1 addresses" in said) == (0, True)
    assert run("hand-abroad", "GB", "--into", out, "--by", "senior")[0] == 2
    name = json.loads(opened(out.read_bytes(), str(key)))["handover"]
    did = {"reference": removal.address.public_id, "action": "taken", "at": "2026-11-22T12:00:00Z"}
    answer = {"format": "openhotline-actions/1", "handover": name, "practice": True, "actions": [did]}
    back.write_bytes(sealed(json.dumps(answer).encode(), str(key.to_public())))
    identity.write_text(str(key))
    assert run("take-actions", back, "--by", "senior", "--identity", identity) == (0, "1 actions were new.\n")
    assert run("take-actions", back, "--by", "nobody")[0] == 2


def test_statements_are_counted(noticed: Callable[[int], list[Removal]], tmp_path: Path) -> None:
    noticed(1)
    file = tmp_path / "statements.jsonl"
    said = {"platform_name": "P", "puid": Notice.objects.get().public_id, "source_type": "SOURCE_TRUSTED_FLAGGER"}
    file.write_text(json.dumps(said | {"source_identity": "Us"}) + "\n{}\n")
    assert run("statements", file, "--us", "Us")[1].startswith("1 new, 0 kept before, 1 not about")
    assert Contact.objects.count() == 1
