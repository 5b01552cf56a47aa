"""What `openhotline check` finds once everything is loaded."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from typer.testing import CliRunner

from openhotline import due
from openhotline.accounts.models import Person
from openhotline.audit.models.grants import grants
from openhotline.config import checking
from openhotline.config.checking import faults
from openhotline.config.cli import app
from openhotline.config.database_rights import rights_on_the_log
from openhotline.core.clock import now as present
from openhotline.core.models import Overdue, Round
from openhotline.core.sandbox.protocol import SandboxUnavailable
from openhotline.hashlists.models import Member, Terms
from openhotline.hashlists.services.hold_releases import hold_releases
from openhotline.hashlists.states import MemberState
from openhotline.intake.services.add_partner import add_partner
from openhotline.removal.services.hold_mail import hold_mail

pytestmark = pytest.mark.django_db


def test_nothing_is_wrong_with_the_software_itself() -> None:
    assert faults(deploy=False) == []


def test_practice_is_not_fit_for_production_and_says_why(manager: Person) -> None:
    found = " ".join(faults(deploy=True))
    for sentence in ("This is practice mode.", "OPENHOTLINE_DOOR=all", "made in practice mode", "0 managers"):
        assert sentence in found


def test_broken_law_is_told_and_stops_whoever_decides_by_it(tmp_path: Path, settings: LazySettings) -> None:
    settings.LAW = tmp_path
    (tmp_path / "own.toml").write_text("[[rule]]\n")
    (told,) = faults(deploy=False)
    assert "own.toml" in told
    settings.DOOR = "desk"
    for command in ("worker", "serve"):
        ended = CliRunner().invoke(app, [command])
        assert ended.exit_code == 1
        assert str(ended.exception) == told


def test_a_place_for_the_index_that_is_not_there_is_told(tmp_path: Path, settings: LazySettings) -> None:
    settings.INDEX_MEMORY = tmp_path / "absent"
    assert "is no folder" in " ".join(faults(deploy=True))


@pytest.mark.parametrize("name", ["SECOND_OPINIONS", "UNUSUAL", "LOOKING_LIMITS", "TRIAGE"])
def test_a_broken_file_of_rules_is_told(name: str, tmp_path: Path, settings: LazySettings) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[[rule")
    setattr(settings, name, str(path))
    (told,) = faults(deploy=False)
    assert "own.toml cannot be read" in told


def test_what_is_due_and_fails_is_told_by_the_check_and_by_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_now: datetime) -> int:
        raise ValueError("no mailbox")

    monkeypatch.setattr(due, "DUE", {"police holds run out": fail, "log sealed": lambda _now: 1})
    ended = CliRunner().invoke(app, ["tick"])
    assert (ended.exit_code, "police holds run out" in ended.output) == (1, True)
    assert faults(deploy=False) == [], "once is no fault of the installation"
    Overdue.objects.update(since=present() - timedelta(hours=1))
    (told,) = faults(deploy=False)
    assert "is not done: police holds run out" in told


def test_a_worker_that_does_not_run_is_told_by_the_check() -> None:
    Round.objects.create(pk=1, ended_at=present() - timedelta(hours=1))
    (told,) = faults(deploy=False)
    assert "no worker runs, or it hangs" in told


def test_a_missing_sandbox_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise SandboxUnavailable("Bubblewrap is missing.")

    monkeypatch.setattr(checking, "sandbox_posture", missing)
    assert "Bubblewrap is missing." in faults(deploy=True)


def test_a_door_that_opens_no_files_needs_no_sandbox(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    settings.DOOR = "public"
    monkeypatch.setattr(checking, "sandbox_posture", lambda: pytest.fail("the public door opens no files"))
    assert list(checking._sandbox()) == []


def test_the_database_is_asked_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        assert list(checking._database()) == []
        return
    assert checking._shown("fsync") in {"on", "off"}
    monkeypatch.setattr(checking, "_shown", lambda _: "off")
    assert len(list(checking._database())) == 3


def test_a_log_that_nobody_else_keeps_and_keys_that_nobody_could_recover_are_told(settings: LazySettings) -> None:
    settings.AUDIT_SHIP = None
    found = " ".join(faults(deploy=True))
    for sentence in ("OPENHOTLINE_AUDIT_SHIP is empty", "No custodians of the keys are named"):
        assert sentence in found


def test_custodians_who_hold_old_keys_are_told(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    settings.DOOR = "worker"
    monkeypatch.setattr(checking, "custodians_of", lambda _: "three")
    monkeypatch.setattr(checking, "is_up_to_date", lambda _: False)
    assert ["behind the keys" in one for one in checking._custodians()] == [True]
    monkeypatch.setattr(checking, "is_up_to_date", lambda _: True)
    assert list(checking._custodians()) == []


def test_a_process_without_keys_and_a_log_has_none_to_tell_of(settings: LazySettings) -> None:
    settings.DOOR, settings.AUDIT_SHIP = "public", None
    assert [*checking._custodians(), *checking._log()] == []


def test_the_owner_of_the_log_is_no_role_for_a_process(now: datetime) -> None:
    """PostgreSQL would let it take the triggers away; the role that `audit grants` makes is content."""
    if connection.vendor != "postgresql":
        assert [one for one in checking._log() if "may change" in one] == []
        return
    assert ["may change the audit log" in one for one in checking._log() if "AUDIT_SHIP" not in one] == [True]
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE openhotline_service")
        for statement in grants("openhotline_service"):
            cursor.execute(statement)
        cursor.execute("SET ROLE openhotline_service")
        assert rights_on_the_log() == []
        cursor.execute("RESET ROLE")
        cursor.execute("GRANT UPDATE ON audit_record TO openhotline_service")
        cursor.execute("SET ROLE openhotline_service")
        assert rights_on_the_log() == ["UPDATE audit_record"]
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize("door", ["worker", "desk"])
def test_young_people_are_not_asked_for_codes_that_no_member_takes(
    door: str, manager: Person, now: datetime, settings: LazySettings
) -> None:
    """Until one member is admitted that agreed to take them."""
    settings.PRACTICE, settings.DEVICE_CODES, settings.DOOR = False, True, door
    for takes, state in ((False, MemberState.ADMITTED), (True, MemberState.DRAFTED)):
        _member(f"{takes}", state, self_reported=takes, now=now)
        assert ["codes that no company gets" in one for one in checking._codes()] == [True]
    _member("takes them", MemberState.ADMITTED, self_reported=True, now=now)
    assert list(checking._codes()) == []


def _member(name: str, state: MemberState, *, self_reported: bool, now: datetime) -> None:
    Member.objects.create(
        partner=add_partner(name=name, hourly=1, actor="test", now=now),
        state=state,
        terms=asdict(Terms(self_reported=self_reported)),
        identity_checked_on=now.date(),
        agreement_signed_on=now.date(),
        drafted_at=now,
    )


def test_after_a_restore_it_says_what_is_held_and_who_ends_it(db: None, now: datetime) -> None:
    """Nobody on call is called meanwhile, so it must not be forgotten."""
    before = set(checking._left_undone())
    hold_mail(actor="test", now=now)
    hold_releases(actor="test", now=now)
    said = " ".join(set(checking._left_undone()) - before)
    assert all(word in said for word in ("nobody on call", "openhotline notices resume", "openhotline list resume"))
