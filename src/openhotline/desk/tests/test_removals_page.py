"""Removals and providers at the desk: what waits for a person, and what a person decides."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.core.net.addresses import parse
from openhotline.intake.models import Address
from openhotline.removal.models import Complaint, Contact, Hold, Hosting, Recheck, Removal
from openhotline.removal.services.propose_contact import propose_contact
from openhotline.removal.services.read_letters import read_letters
from openhotline.removal.states import ContactState, RemovalState

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]
URL = "http://localhost:8090/files/000/000001.jpg"


@pytest.fixture
def removal(db: None, senior: Person) -> Removal:
    """An address whose contact waits."""
    kept = Address.objects.keep([parse(URL)], now=now())
    contact = propose_contact(mail="abuse@host.example", provider="Example Hosting", actor=senior, now=now())
    hosting = Hosting.objects.create(
        lookup="x", provider="Example Hosting", country="NL", looked_up_at=now(), host_contact=contact
    )
    address = Address.objects.get(pk=next(iter(kept.values())).pk)
    at = now() - timedelta(days=2)
    return Removal.objects.create(
        address=address, hosting=hosting, state=RemovalState.CONTACT_WAITS, opened_at=at, reported_at=at
    )


def page(browser: Client, route: str, *args: str) -> str:
    return browser.get(reverse(route, args=args)).content.decode()


def test_a_contact_is_approved_at_the_desk(removal: Removal, sign_in: Browser, senior: Person, analyst: Person) -> None:
    desk = sign_in(senior)
    assert "abuse@host.example" in page(desk, "desk_providers")
    form = {"contact": Contact.objects.get().public_id, "decision": "approve", "language": "en", "blocked_days": "sun"}
    assert sign_in(analyst).post(reverse("desk_provider_decide"), form).status_code == 403
    assert desk.post(reverse("desk_provider_decide"), form).status_code == 302
    assert Contact.objects.get().state == ContactState.APPROVED
    assert "No contact waits" in page(desk, "desk_providers")


def test_a_case_shows_both_clocks_and_never_its_address(removal: Removal, sign_in: Browser, analyst: Person) -> None:
    Recheck.objects.create(removal=removal, at=now(), seen="missed", sentence="The host answered 404.")
    shown = page(sign_in(analyst), "desk_removal", removal.address.public_id)
    for word in ("From the report until", "2 d 0 h", "not begun", "Example Hosting", "The host answered 404."):
        assert word in shown
    assert "000001.jpg" not in shown


def test_a_hold_runs_out_at_the_desk_and_a_person_ends_it(removal: Removal, sign_in: Browser, senior: Person) -> None:
    desk = sign_in(senior)
    desk.post(reverse("desk_removal_hold", args=[removal.address.public_id]), {"hours": "48"})
    Hold.objects.update(runs_out_at=now() - timedelta(hours=1))
    shown = page(desk, "desk_removals")
    assert "has run out" in shown
    assert "The police have not acknowledged it" in shown
    key = Hold.objects.get().pk
    desk.post(reverse("desk_hold"), {"hold": key, "act": "acknowledge", "reference": "OP 1"})
    assert "reference OP 1" in page(desk, "desk_removals")
    desk.post(reverse("desk_hold"), {"hold": key, "act": "extend", "hours": "24"})
    assert "has run out" not in page(desk, "desk_removals")
    desk.post(reverse("desk_hold"), {"hold": key, "act": "police_agreed"})
    assert Removal.objects.get().state == RemovalState.OPENED


def test_a_complaint_is_typed_in_and_answered(removal: Removal, sign_in: Browser, senior: Person) -> None:
    desk = sign_in(senior)
    said = {"about": removal.address.public_id, "text": "It is a <b>landscape</b>."}
    desk.post(reverse("desk_takedown_complaint_open"), said)
    assert "It is a &lt;b&gt;landscape&lt;/b&gt;." in page(desk, "desk_removals")
    answer = {"complaint": Complaint.objects.get().public_id, "answer": "You are right.", "end": "upheld"}
    desk.post(reverse("desk_takedown_complaint_answer"), answer)
    assert Removal.objects.get().state == RemovalState.STOPPED


def test_letters_are_read_once(removal: Removal, sign_in: Browser, senior: Person) -> None:
    desk = sign_in(senior)
    read_letters(letters=[b"Subject: Re\n\nWe are looking."], actor="step:x", now=now())
    shown = page(desk, "desk_removals")
    assert "We are looking." in shown
    letter = shown.partition('name="letter" value="')[2].partition('"')[0]
    desk.post(reverse("desk_letter_read"), {"letter": letter})
    assert "We are looking." not in page(desk, "desk_removals")


def test_an_origin_is_recorded(removal: Removal, sign_in: Browser, senior: Person) -> None:
    address = removal.address.public_id
    sign_in(senior).post(reverse("desk_removal_origin", args=[address]), {"origin": "93.184.215.14"})
    assert Removal.objects.get().origin == "93.184.215.14"
