"""`openhotline referral …`, as an operator and a partner type it."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Person
from openhotline.evidence.models import Item
from openhotline.referral import commands
from openhotline.referral.models import Referral
from openhotline.referral.queries import package_path
from openhotline.referral.services.draft_referral import draft_referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[..., Result]:
    monkeypatch.setattr(commands, "now", lambda: now)
    return lambda *words: CliRunner().invoke(commands.app, [str(word) for word in words])


@pytest.fixture
def key_file(identity: str, tmp_path: Path) -> Path:
    path = tmp_path / "police.key"
    path.write_text(identity)
    return path


def test_an_approved_referral_is_built_and_the_partner_verifies_it(
    run: Callable[..., Result],
    decided: Callable[..., Item],
    approved: Callable[[Referral], Referral],
    analyst: Person,
    now: datetime,
    key_file: Path,
) -> None:
    drafted = approved(draft_referral(item_ids=[decided().pk], actor=analyst, now=now))
    path, _, manifest = run("build", drafted.public_id, "--by", "analyst").output.splitlines()
    found = run("verify", path, "--identity", key_file, "--manifest", manifest.split()[1], "--json")
    assert json.loads(found.stdout)["items"] == 1


def test_without_a_second_person_it_is_refused_with_the_reason(
    run: Callable[..., Result], decided: Callable[..., Item], analyst: Person, now: datetime
) -> None:
    drafted = draft_referral(item_ids=[decided().pk], actor=analyst, now=now)
    refused = run("build", drafted.public_id, "--by", "analyst")
    assert (refused.exit_code, "second person" in refused.output) == (2, True)


def test_a_practice_package_says_that_it_is_one(
    run: Callable[..., Result], built: Callable[..., Referral], key_file: Path
) -> None:
    path = package_path(built().public_id)
    assert "a practice referral, no findings" in run("verify", path, "--identity", key_file).output


@pytest.mark.parametrize("words", [("build", "ref_x", "--by", "x"), ("verify", "absent.age", "--identity", "absent")])
def test_what_cannot_be_done_is_a_sentence_and_a_code(run: Callable[..., Result], words: tuple[str, ...]) -> None:
    refused = run(*words)
    assert (refused.exit_code, bool(refused.output.strip())) == (2, True)
