"""Handovers out and in at the desk, with actions and reasons both ways."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.core.net.addresses import parse
from openhotline.intake.models import Address, Report
from openhotline.removal.models import HandedIn, HandedOver, Handover, HandoverIn, Removal
from openhotline.removal.states import RemovalState

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]
URL = "http://localhost:8090/files/000/000001.jpg"


@pytest.fixture
def both_ways(db: None) -> HandedIn:
    """One address that went out and came back with a reason, and one that came in."""
    at = now() - timedelta(days=1)
    kept = Address.objects.keep([parse(URL)], now=at)
    address = Address.objects.get(pk=next(iter(kept.values())).pk)
    removal = Removal.objects.create(address=address, state=RemovalState.ABROAD, opened_at=at)
    out = Handover.objects.create(country="NL", hotline="Theirs", made_at=at, made_by="per_x", file_sha256="0" * 64)
    HandedOver.objects.create(
        handover=out, removal=removal, action="cannot_act", reason="no such <b>law</b>", acted_at=at
    )
    came = HandoverIn.objects.create(
        theirs="hnd_x", country="NL", hotline="Theirs", content_sha256="0", made_at=at, taken_at=at, taken_by="per_x"
    )
    report = Report.objects.create(source="partner", state="screened", started_at=at, received_at=at)
    return HandedIn.objects.create(handover=came, reference="adr_x", report=report, provider="Example Hosting")


def test_both_ways_stand_there_with_reasons_and_without_addresses(
    both_ways: HandedIn, sign_in: Browser, analyst: Person
) -> None:
    shown = sign_in(analyst).get(reverse("desk_abroad")).content.decode()
    for word in (
        "cannot act",
        "no such &lt;b&gt;law",
        "Example Hosting",
        both_ways.report.public_id,
        "1 without a word",
    ):
        assert word in shown
    assert "000001.jpg" not in shown
    assert reverse("desk_abroad_act") not in shown


def test_what_we_did_is_noted_by_who_decides_on_removals(
    both_ways: HandedIn, sign_in: Browser, senior: Person, analyst: Person
) -> None:
    form = {"report": both_ways.report.public_id, "action": "not_here", "reason": "It moved."}
    assert sign_in(analyst).post(reverse("desk_abroad_act"), form).status_code == 403
    desk = sign_in(senior)
    desk.post(reverse("desk_abroad_act"), form)
    assert "because: It moved." in desk.get(reverse("desk_abroad")).content.decode()
    desk.post(reverse("desk_abroad_act"), form | {"action": "liked"})
    assert HandedIn.objects.get().action == "not_here"
