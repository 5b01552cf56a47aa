"""What one has seen, for oneself; a team's medians; one person's, with consent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.states import Role
from openhotline.core.clock import now
from openhotline.desk.tests.conftest import SignIn
from openhotline.evidence.models import Item
from openhotline.exposure.models import View, Wellbeing

pytestmark = pytest.mark.django_db


@pytest.fixture
def welfare(db: None) -> Person:
    """Who looks after the people who look."""
    return add_person(
        username="welfare", name="Welfare", role=Role.WELFARE, password="p", practice=True, actor="test", now=now()
    )


def looked(person: Person, seconds: float) -> None:
    """Note that a person has just looked for so long."""
    at = now() - timedelta(seconds=seconds)
    View.objects.create(
        person=person.public_id, subject="itm_a", kind=View.REVEAL, size=1, grant=f"{person.pk}", granted_at=at,
        shown_at=at, seconds=seconds,
    )  # fmt: skip


def test_a_person_sees_their_own_day_and_says_how_they_want_to_look(at_desk: Client, analyst: Person) -> None:
    looked(analyst, 90)
    assert "Your exposure" in at_desk.get(reverse("desk_exposure")).content.decode()
    ends = f"{now() + timedelta(hours=2):%H:%M}"
    at_desk.post(reverse("desk_exposure"), {"shift_ends": ends, "takes_heavy": "on", "consents": "on"})
    row = Wellbeing.objects.get()
    assert (row.person, row.takes_heavy, row.consents) == (analyst.public_id, True, True)
    assert row.shift_ends_at is not None
    assert timedelta(hours=1) < row.shift_ends_at - now() < timedelta(hours=3)


def test_the_welfare_lead_opens_it_with_consent_and_not_without(
    sign_in: SignIn, welfare: Person, analyst: Person, at_desk: Client
) -> None:
    lead = sign_in(welfare)
    form = {"person": analyst.public_id}
    assert lead.post(reverse("desk_person_exposure"), form).status_code == 403
    at_desk.post(reverse("desk_exposure"), {"consents": "on"})
    assert analyst.name in lead.get(reverse("desk_team_exposure")).content.decode()
    assert f"Exposure of {analyst.name}" in lead.post(reverse("desk_person_exposure"), form).content.decode()


def test_a_manager_sees_no_name(sign_in: SignIn, manager: Person, analyst: Person, at_desk: Client) -> None:
    looked(analyst, 90)
    at_desk.post(reverse("desk_exposure"), {"consents": "on"})
    page = sign_in(manager).get(reverse("desk_team_exposure")).content.decode()
    assert "fewer than 5" in page
    assert analyst.name not in page.split("<main")[1]
    assert sign_in(manager).post(reverse("desk_person_exposure"), {"person": analyst.public_id}).status_code == 403


def test_a_break_pauses_the_queue_in_every_browser_and_what_is_held_may_be_decided(
    sign_in: SignIn, analyst: Person, queued: list[Item]
) -> None:
    one, other = sign_in(analyst), sign_in(analyst)
    one.post(reverse("desk_next"))
    looked(analyst, 50 * 60)
    assert "One picture" in other.get(reverse("desk_assess")).content.decode()
    turn = one.get(reverse("desk_assess")).context["turn"]
    assert one.post(reverse("desk_skip"), {"turn": turn.pk}).headers["Location"] == reverse("desk_queue")
    page = other.post(reverse("desk_next"), follow=True).content.decode()
    assert "The queue waits while you have a break" in page
    assert one.post(reverse("desk_ahead")).json()["tiles"] == []
