"""Sweeps at the desk: drafted by one, approved by another, ended by either; how often, and why, for staff alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import Purpose
from openhotline.core.clock import now
from openhotline.core.net.addresses import parse
from openhotline.evidence.models import Sighting
from openhotline.intake.models import Address, Sweep, SweptPage
from openhotline.intake.services.note_visit import Visit, note_visit
from openhotline.intake.services.set_confirmed import set_confirmed
from openhotline.intake.states import SweepState, VisitState

pytestmark = pytest.mark.django_db

Browser = Callable[[Person], Client]


def filled(**changes: object) -> dict[str, object]:
    """Return the form of a sweep."""
    return {
        "name": "First list",
        "addresses": "https://one.example/<a>\n\nhttps://two.example/\n",
        "every_hours": 24,
        "approver": "Practice office",
        "instrument": "Practice agreement 1",
        "jurisdiction": "GB",
        "until": f"{now() + timedelta(days=30):%Y-%m-%d}",
    } | changes


def text(browser: Client, route: str = "desk_sweeps") -> str:
    """Return what a page says."""
    return browser.get(reverse(route)).content.decode()


def approve_it(browser: Client, sweep: Sweep) -> None:
    """Sign it on the page of approvals."""
    approval = approval_of(Purpose.SWEEP, sweep.public_id)
    assert approval is not None
    posted = {"approval": approval.public_id, "manifest_sha256": approval.manifest_sha256, "approve": ""}
    assert browser.post(reverse("desk_approve"), posted).headers["Location"] == reverse("desk_sweeps")


def test_two_people_and_then_it_runs(sign_in: Browser, operator: Person, manager: Person) -> None:
    one, two = sign_in(operator), sign_in(manager)
    one.post(reverse("desk_sweep_add"), filled())
    sweep = Sweep.objects.get()
    assert "Waits for a second person" in text(one)
    assert "are under" in text(two, "desk_approve")
    assert "https://one.example/%3Ca%3E" in text(two)
    assert one.post(reverse("desk_sweep_begin"), {"sweep": sweep.public_id}).status_code == 403
    approve_it(two, sweep)
    one.post(reverse("desk_sweep_begin"), {"sweep": sweep.public_id})
    sweep.refresh_from_db()
    assert (sweep.state, SweptPage.objects.due(now()).count()) == (SweepState.RUNNING, 2)
    one.post(reverse("desk_sweep_end"), {"sweep": sweep.public_id})
    assert not SweptPage.objects.due(now()).exists()


def test_a_form_that_cannot_be_taken_comes_back_as_it_was(sign_in: Browser, operator: Person) -> None:
    answer = sign_in(operator).post(reverse("desk_sweep_add"), filled(every_hours=0, approver=""))
    said = answer.content.decode()
    assert "Practice agreement 1" in said
    assert not Sweep.objects.exists()


def test_an_address_is_text_and_no_link(sign_in: Browser, operator: Person) -> None:
    browser = sign_in(operator)
    browser.post(reverse("desk_sweep_add"), filled())
    assert 'href="https://one.example' not in text(browser)


def test_how_often_is_told_with_its_reason(sign_in: Browser, operator: Person) -> None:
    browser = sign_in(operator)
    browser.post(reverse("desk_sweep_add"), filled())
    page = SweptPage.objects.order_by("pk").first()
    assert page is not None
    note_visit(page_id=page.pk, visit=Visit(VisitState.NEW, 3), actor="test", now=now())
    set_confirmed(counts={page.address_id: 3}, actor="test", now=now())
    assert "Every 6.0 hours: 4 times as often" in text(browser)


def test_no_public_page_knows_of_sweeps(sign_in: Browser, operator: Person, stranger: Client) -> None:
    sign_in(operator).post(reverse("desk_sweep_add"), filled())
    for route in ("home", "numbers", "privacy"):
        said = text(stranger, route)
        assert "First list" not in said
        assert "one.example" not in said


def test_a_name_that_is_none_finds_nothing(sign_in: Browser, operator: Person) -> None:
    assert sign_in(operator).post(reverse("desk_sweep_end"), {"sweep": "swp_\0"}).status_code == 404


def test_a_sweep_s_own_page_draws_its_files_by_reason_day_and_host(
    sign_in: Browser, operator: Person, make_item: MakeItem
) -> None:
    """Files at its pages and pictures that these show; what was found elsewhere is not among them."""
    browser = sign_in(operator)
    browser.post(reverse("desk_sweep_add"), filled())
    sweep = Sweep.objects.get()
    swept = sweep.pages.order_by("pk").first()
    assert swept is not None
    picture = next(iter(Address.objects.keep([parse("https://pictures.example/1.png")], now=now()).values()))
    Sighting.objects.create(item=make_item(), address=picture, page=swept.address, seen_at=now())
    Sighting.objects.create(item=make_item(seed=1), address=swept.address, seen_at=now())
    Sighting.objects.create(item=make_item(seed=2), address=picture, seen_at=now())
    said = " ".join(browser.get(reverse("desk_sweep", args=[sweep.public_id])).content.decode().split())
    assert said.count('<ul class="bars"') == 3
    assert '<th scope="row">one.example</th><td>2</td>' in said
    assert "pictures.example" not in said
    assert reverse("desk_sweep", args=[sweep.public_id]) in text(browser)


def test_a_sweep_that_is_none_is_told_nothing(sign_in: Browser, operator: Person) -> None:
    assert sign_in(operator).get(reverse("desk_sweep", args=["swp_none"])).status_code == 404
