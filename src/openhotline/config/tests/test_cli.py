"""Commands that need more than one app: acknowledged faults, what is due, answers to requests."""

import importlib
import json
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.services.approve import approve
from openhotline.accounts.states import ApprovalState
from openhotline.audit.models import Record
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal
from openhotline.config import acknowledging, wsgi
from openhotline.config.cli import app
from openhotline.core.archive import unfinished
from openhotline.core.clock import now as clock_now
from openhotline.core.crypto import receipt_lookup, seal_at_the_door
from openhotline.intake.models import Report
from openhotline.intake.models.receipt import read_words, words_from
from openhotline.intake.states import ReportState

pytestmark = pytest.mark.django_db

WORDS = words_from(7)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture
def told(db: None, now: datetime) -> Report:
    """A report of ten years and a day ago, with something told."""
    at = now.replace(year=now.year - 11)
    return Report.objects.create(
        source="public", state=ReportState.SCREENED, started_at=at, received_at=at,
        receipt=receipt_lookup(read_words(WORDS)), details=seal_at_the_door('{"more": "told"}'),
    )  # fmt: skip


@pytest.fixture
def keys(auditor: Person, now: datetime) -> list[str]:
    """The keys of the faults of a log in which one row was changed."""
    row = record(actor="per_a", action="seen", subject="itm_1", now=now)
    seal(now=now)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_record_update" + " ON audit_record" * (connection.vendor == "postgresql"))
        cursor.execute(f"UPDATE audit_record SET count = 9 WHERE id = {row.pk}")
    return [one["key"] for one in json.loads(run("audit", "verify", "--json").stdout)["faults"]]


def known() -> tuple[bool, int]:
    """Return whether the log is whole but for what is known, and how much that is."""
    found = json.loads(run("audit", "verify", "--json").stdout)
    return found["ok"], len(found["known"])


def confirm() -> None:
    """Say at the desk, as the auditor, that it was them who asked."""
    asked, desk = Approval.objects.get(state="typed"), Client()
    desk.force_login(Person.objects.get(username="auditor"))
    said = {"approval": asked.public_id, "manifest_sha256": asked.manifest_sha256, "confirm": ""}
    assert desk.post("/desk/approvals/", said).status_code == 302


def agree(manager: Person) -> None:
    """The manager approves, as the second person, what waits, once who was named has confirmed it at the desk."""
    confirm()
    waiting = Approval.objects.get(state="asked")
    approve(approval_id=waiting.pk, manifest_sha256=waiting.manifest_sha256, actor=manager, now=clock_now())


def test_two_people_acknowledge_a_fault_by_its_key_and_it_stays_known(keys: list[str], manager: Person) -> None:
    words = ("audit", "acknowledge", *keys, "--cause", "disk", "--by", "auditor")
    assert (len(keys), run(*words).exit_code, run(*words).exit_code, known()) == (2, 3, 3, (False, 0))
    agree(manager)
    assert (run(*words).exit_code, known()) == (0, (True, 2))


def test_the_second_person_reads_the_same_fingerprint_and_is_told_how(keys: list[str], manager: Person) -> None:
    words = ("audit", "acknowledge", *keys, "--cause", "disk", "--by")
    first, second = (run(*words, name).output for name in ("auditor", "manager"))
    confirm()
    desk = Client()
    desk.force_login(manager)
    page = desk.get("/desk/approvals/").content.decode()
    assert (first == second, Approval.objects.get().manifest_sha256 in first) == (True, True)
    assert "prints the same fingerprint" in page


def test_the_log_says_that_a_person_was_named_at_the_command_line(told: Report, manager: Person) -> None:
    run("retention", "answer-reporter", WORDS, "--by", "manager")
    record(actor=manager.public_id, action="seen", subject="at_the_desk", now=clock_now())
    assert [one.detail.get("command_line") for one in Record.objects.filter(actor=manager.public_id)] == [True, None]


def test_what_was_approved_is_these_faults_and_this_cause(keys: list[str], manager: Person) -> None:
    assert run("audit", "acknowledge", *keys, "--cause", "disk", "--by", "auditor").exit_code == 3
    agree(manager)
    assert run("audit", "acknowledge", keys[0], "--cause", "disk", "--by", "auditor").exit_code == 3
    assert run("audit", "acknowledge", *keys, "--cause", "intruder", "--by", "auditor").exit_code == 3
    assert known() == (False, 0)


def test_who_does_not_watch_the_log_acknowledges_nothing(keys: list[str], analyst: Person) -> None:
    done = run("audit", "acknowledge", *keys, "--cause", "disk", "--by", "analyst")
    assert (done.exit_code, "auditor, manager, operator do" in done.output) == (2, True)


def test_planted_bug_without_the_use_of_the_approval_one_person_would_do(
    keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the question taken for its answer the use of it still refuses; without that too, one person is enough."""
    words = ("audit", "acknowledge", *keys, "--cause", "disk", "--by", "auditor")
    run(*words)
    asked = Approval.objects.get()
    asked.state = ApprovalState.APPROVED
    monkeypatch.setattr(acknowledging, "approval_of", lambda *_: asked)
    assert (run(*words).exit_code, known()) == (2, (False, 0))
    monkeypatch.setattr(acknowledging, "use_approval", lambda **_: None)
    assert (run(*words).exit_code, known()) == (0, (True, 2))


@pytest.mark.parametrize("words", [("x", "--cause", "disk", "--by", "auditor"), ("x", "--cause", "disk", "--by", "no")])
def test_what_is_no_fault_is_not_acknowledged(auditor: Person, words: tuple[str, ...]) -> None:
    assert run("audit", "acknowledge", *words).exit_code == 2


def test_what_is_due_is_named(told: Report) -> None:
    due = {one["name"]: one for one in json.loads(run("retention", "due", "--json").stdout)}
    assert (due["reports"]["due"], due["reports"]["first"]) == (1, [told.public_id])
    assert told.public_id in run("retention", "due").output


def test_a_reporter_is_answered_and_forgotten(told: Report, manager: Person) -> None:
    asked = ("retention", "answer-reporter", WORDS, "--by", "manager")
    assert json.loads(run(*asked).stdout)["told"] == {"more": "told"}
    assert run(*asked, "--forget").exit_code == 0
    assert json.loads(run(*asked).stdout)["told"] == {}


@pytest.mark.parametrize("words", [words_from(8), "no receipt at all"])
def test_words_of_no_receipt_end_with_2(told: Report, manager: Person, words: str) -> None:
    assert run("retention", "answer-reporter", words, "--by", "manager").exit_code == 2


def test_staff_are_answered(analyst: Person, manager: Person) -> None:
    done = run("retention", "answer-staff", "analyst", "--by", "manager")
    assert json.loads(done.stdout)["person"]["public_id"] == analyst.public_id
    assert run("retention", "answer-staff", "nobody", "--by", "manager").exit_code == 2
    assert run("retention", "answer-staff", "analyst", "--by", "nobody").exit_code == 2


@pytest.fixture
def unfinished_restore(settings: LazySettings, tmp_path: Path) -> None:
    """A restore that broke off."""
    settings.VAR = tmp_path
    (tmp_path / unfinished.FILE).write_text(json.dumps({"manifest_sha256": "00", "made_at": "2026-11-21"}))


@pytest.mark.parametrize("word", ["serve", "worker", "tick", "migrate", "backup", "notices"])
def test_while_a_restore_is_unfinished_nothing_starts(unfinished_restore: None, word: str) -> None:
    told = run(word)
    assert told.exit_code == 1
    assert "openhotline restore" in told.output


def test_while_a_restore_is_unfinished_check_says_so_and_no_door_is_loaded(unfinished_restore: None) -> None:
    assert json.loads(run("check", "--json").output)["faults"] == [unfinished.sentence()]
    with pytest.raises(SystemExit, match="did not end"):
        importlib.reload(wsgi)


def test_planted_bug_a_door_that_does_not_ask_would_start(
    unfinished_restore: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "stands", lambda: False)
    assert "openhotline restore" not in run("migrate").output
