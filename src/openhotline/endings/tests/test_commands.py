"""``openhotline retention end``, ``show`` and ``due``, and ``people forget``, as an operator calls them."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.services.disable_person import disable_person
from openhotline.config.cli import app
from openhotline.core.clock import now as clock_now
from openhotline.endings.models import Ending
from openhotline.intake.models import Report
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_what_is_due_of_reports_ends_and_is_due_no_more(old: list[Report], manager: Person) -> None:
    assert "reports: 2 due, 0 of them held, 0 still needed" in run("retention", "due").output
    done = run("retention", "end", "reports", "--due", "--by", "manager")
    assert (done.exit_code, "2 of reports ended, 0 stay" in done.output) == (0, True)
    assert "reports: 0 due" in run("retention", "due").output
    assert run("retention", "end", "reports", "--due", "--by", "manager").exit_code == 2


def test_all_of_a_class_that_is_not_held_is_named_one_a_line(old: list[Report]) -> None:
    """As the draft of a purge reads it."""
    place_hold(
        subject=old[0].public_id, cause=HoldCause.COURT, reference="7", until=clock_now() + timedelta(days=9),
        actor="per_a", now=clock_now(),
    )  # fmt: skip
    Report.objects.filter(pk=old[1].pk).update(state="received")
    assert run("retention", "due", "--of", "reports").stdout.split() == [old[1].public_id]
    assert run("retention", "due", "--of", "looks").exit_code == 2


def test_where_two_people_end_a_class_it_waits_for_the_second(manager: Person, senior: Person) -> None:
    """And what that person is shown at the desk says which command names the records."""
    asked = run("retention", "end", "evidence", "itm_none", "--by", "manager")
    ending = Ending.objects.get()
    assert (asked.exit_code, ending.public_id in asked.output) == (3, True)
    assert "itm_none" in run("retention", "show", ending.public_id).output
    signed = {"approval": Approval.objects.get().public_id, "manifest_sha256": ending.manifest_sha256}
    asking = Client()
    asking.force_login(manager)
    asking.post(reverse("desk_approve"), signed | {"confirm": ""})
    desk = Client()
    desk.force_login(senior)
    page = desk.get(reverse("desk_approve")).content.decode()
    assert f"openhotline retention show {ending.public_id}" in page
    assert "1 record of the class <strong>evidence</strong>" in page
    desk.post(reverse("desk_approve"), signed | {"approve": ""})
    done = run("retention", "end", "evidence", ending.public_id, "--by", "manager")
    assert (done.exit_code, "itm_none stays: there is no such record" in done.output) == (2, True)
    assert json.loads(run("retention", "show", ending.public_id, "--json").stdout)["state"] == "done"


@pytest.mark.parametrize(
    "words",
    [
        ("reports",),
        ("reports", "rep_a", "--due"),
        ("reports", "end_none"),
        ("looks", "--due"),
        ("nothing", "--due"),
    ],
)
def test_what_cannot_be_meant_ends_with_2_and_a_sentence(manager: Person, words: tuple[str, ...]) -> None:
    done = run("retention", "end", *words, "--by", "manager")
    assert (done.exit_code, done.output.strip().endswith((".", "CLASS."))) == (2, True)


def test_an_ending_of_another_class_is_refused(old: list[Report], manager: Person) -> None:
    run("retention", "end", "reports", "--due", "--by", "manager")
    assert run("retention", "end", "alerts", Ending.objects.get().public_id, "--by", "manager").exit_code == 2


def test_somebody_who_left_is_forgotten_by_name(analyst: Person, manager: Person) -> None:
    assert "has not left" in run("people", "forget", "analyst", "--by", "manager").output
    disable_person(person_id=analyst.pk, actor=None, now=clock_now() - timedelta(days=2600))
    assert run("people", "forget", "analyst", "--by", "manager").exit_code == 0
    assert run("people", "forget", "analyst", "--by", "manager").exit_code == 2
    assert analyst.public_id not in run("people", "list").output
