"""Who may come where."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.config.access import ACCESS
from openhotline.desk.states import LINKS, Link

pytestmark = pytest.mark.django_db
PAGES = [link.route for link in LINKS]


@pytest.mark.parametrize("route", PAGES)
def test_a_stranger_is_asked_to_sign_in(stranger: Client, route: str) -> None:
    answer = stranger.get(reverse(route))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("sign_in"))


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.route)
def test_every_link_leads_its_people_somewhere(link: object) -> None:
    """A link is shown to exactly those whom the access rules let in."""
    assert link in LINKS
    assert ACCESS[link.route].roles == link.roles  # type: ignore[attr-defined] # parametrised


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.route)
def test_every_page_opens_for_one_of_its_people(
    link: Link, sign_in: Callable[[Person], Client], senior: Person, manager: Person, auditor: Person
) -> None:
    person = next(one for one in (senior, manager, auditor) if one.role in link.roles)
    page = sign_in(person).get(reverse(link.route))
    assert page.status_code == 200
    assert "<h1>" in page.content.decode()


@pytest.mark.parametrize("route", ["desk_next", "desk_sheet_next", "desk_assess", "desk_skip", "desk_consequence"])
def test_a_manager_does_not_assess(sign_in: Callable[[Person], Client], manager: Person, route: str) -> None:
    assert sign_in(manager).post(reverse(route)).status_code == 403


def test_an_analyst_approves_nothing(at_desk: Client) -> None:
    assert at_desk.post(reverse("desk_approve")).status_code == 403
    assert at_desk.post(reverse("desk_list_draft")).status_code == 403


def test_nobody_but_staff_is_linked(analyst: Person) -> None:
    assert {Role.ANALYST} & LINKS[0].roles
    assert [link.route for link in LINKS if Role(analyst.role) in link.roles] == [
        "desk_home",
        "desk_queue",
        "desk_decisions",
        "desk_sheet",
        "desk_sorting",
        "desk_reports",
        "desk_collections",
        "desk_quarantine",
        "desk_type_in",
        "desk_removals",
        "desk_abroad",
        "desk_providers",
        "desk_urgent",
        "desk_handover",
        "desk_complaints",
        "desk_exposure",
        "desk_agreement",
        "desk_numbers",
        "desk_contacts",
    ]
