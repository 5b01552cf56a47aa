"""What one shift tells the next, who is on call, and what cannot wait."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import OnCall, Person
from openhotline.core.clock import now
from openhotline.core.net.addresses import parse
from openhotline.desk.queries.urgent import Urgent, step_due
from openhotline.desk.tests.conftest import SignIn
from openhotline.intake.models import Address, Report
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source
from openhotline.removal.models import Hold, Removal
from openhotline.removal.states import RemovalState

pytestmark = pytest.mark.django_db


def test_a_note_is_read_by_a_colleague_and_taken_away(
    at_desk: Client, analyst: Person, other_analyst: Person, sign_in: SignIn
) -> None:
    at_desk.post(reverse("desk_handover_write"), {"queue": "removals", "text": "Wait for the call."})
    other = sign_in(other_analyst)
    page = other.get(reverse("desk_handover")).content.decode()
    assert "Wait for the call." in page
    note = page.split('name="note" value="')[1].split('"')[0]
    other.post(reverse("desk_handover_end"), {"note": note})
    assert "Wait for the call." not in other.get(reverse("desk_handover")).content.decode()


def test_a_manager_puts_somebody_on_call_and_everybody_sees_whom_to_call(
    sign_in: SignIn, manager: Person, senior: Person, at_desk: Client
) -> None:
    lead = sign_in(manager)
    form = {"person": senior.public_id, "step": "1", "begins": f"{now():%Y-%m-%dT%H:%M}", "hours": "12"}
    assert lead.post(reverse("desk_on_call"), form).status_code == 302
    page = at_desk.get(reverse("desk_handover")).content.decode()
    assert f"Step 1: {senior.name}" in page
    assert "May be the second to sign" in page
    assert "is on call at that time already" in lead.post(reverse("desk_on_call"), form).content.decode()
    lead.post(reverse("desk_off_call"), {"on_call": OnCall.objects.get().public_id})
    assert "Nobody is on the rota now." in at_desk.get(reverse("desk_handover")).content.decode()


def test_an_urgent_report_waits_there_until_it_is_read(at_desk: Client) -> None:
    report, _ = start_report(addresses=[], source=Source.TELEPHONE, idempotency=None, practice=True, now=now())
    complete_report(report=report, details={}, urgent=True, now=now())
    assert "An urgent report" in at_desk.get(reverse("desk_handover")).content.decode()
    Report.objects.update(read_at=now())
    assert "An urgent report" not in at_desk.get(reverse("desk_handover")).content.decode()


def test_a_hold_that_has_run_out_waits_there_until_a_person_ends_it(at_desk: Client) -> None:
    at = now() - timedelta(hours=48)
    kept = Address.objects.keep([parse("http://localhost:8090/files/000/000001.jpg")], now=at)
    removal = Removal.objects.create(address_id=next(iter(kept.values())).pk, state=RemovalState.HELD, opened_at=at)
    hold = Hold.objects.create(removal=removal, rule="a person", begun_at=at, runs_out_at=now() + timedelta(hours=1))
    assert "A police hold" not in at_desk.get(reverse("desk_handover")).content.decode()
    Hold.objects.update(runs_out_at=now())
    page = at_desk.get(reverse("desk_handover")).content.decode()
    assert "A police hold that has run out" in page
    assert reverse("desk_removal", args=[hold.removal.address.public_id]) in page
    assert "000001.jpg" not in page
    Hold.objects.update(ended_at=now())
    assert "A police hold" not in at_desk.get(reverse("desk_handover")).content.decode()


@pytest.mark.parametrize(("minutes", "step"), [(0, 1), (14, 1), (15, 2), (30, 3), (300, 3)])
def test_whoever_does_not_answer_is_followed_by_the_next(minutes: int, step: int) -> None:
    at = now()
    assert step_due([Urgent("x", at - timedelta(minutes=minutes))], at) == step
    assert step_due([], at) == 0
