"""Commands that need more than one app: acknowledged faults, what is due, answers to requests."""

import json
from datetime import datetime

import pytest
from django.db import connection
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal
from openhotline.config.cli import app
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


def test_a_fault_is_acknowledged_by_its_key_and_stays_known(auditor: Person, now: datetime) -> None:
    row = record(actor="per_a", action="seen", subject="itm_1", now=now)
    seal(now=now)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_record_update" + " ON audit_record" * (connection.vendor == "postgresql"))
        cursor.execute(f"UPDATE audit_record SET count = 9 WHERE id = {row.pk}")
    keys = [one["key"] for one in json.loads(run("audit", "verify", "--json").output)["faults"]]
    assert len(keys) == 2
    assert run("audit", "acknowledge", *keys, "--cause", "disk", "--by", "auditor").exit_code == 0
    found = json.loads(run("audit", "verify", "--json").output)
    assert (found["ok"], len(found["known"])) == (True, 2)


@pytest.mark.parametrize("words", [("x", "--cause", "disk", "--by", "auditor"), ("x", "--cause", "disk", "--by", "no")])
def test_what_is_no_fault_is_not_acknowledged(auditor: Person, words: tuple[str, ...]) -> None:
    assert run("audit", "acknowledge", *words).exit_code == 2


def test_what_is_due_is_named(told: Report) -> None:
    due = {one["name"]: one for one in json.loads(run("retention", "due", "--json").output)}
    assert (due["reports"]["due"], due["reports"]["first"]) == (1, [told.public_id])
    assert told.public_id in run("retention", "due").output


def test_a_reporter_is_answered_and_forgotten(told: Report, manager: Person) -> None:
    asked = ("retention", "answer-reporter", WORDS, "--by", "manager")
    assert json.loads(run(*asked).output)["told"] == {"more": "told"}
    assert run(*asked, "--forget").exit_code == 0
    assert json.loads(run(*asked).output)["told"] == {}


@pytest.mark.parametrize("words", [words_from(8), "no receipt at all"])
def test_words_of_no_receipt_end_with_2(told: Report, manager: Person, words: str) -> None:
    assert run("retention", "answer-reporter", words, "--by", "manager").exit_code == 2


def test_staff_are_answered(analyst: Person, manager: Person) -> None:
    done = run("retention", "answer-staff", "analyst", "--by", "manager")
    assert json.loads(done.output)["person"]["public_id"] == analyst.public_id
    assert run("retention", "answer-staff", "nobody", "--by", "manager").exit_code == 2
    assert run("retention", "answer-staff", "analyst", "--by", "nobody").exit_code == 2
