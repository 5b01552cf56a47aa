"""Who works here, and whom to call, as a manager sees it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Approval, Contact, Person
from openhotline.core.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in: Callable[[Person], Client], manager: Person) -> Client:
    """The manager's browser."""
    return sign_in(manager)


def test_the_link_is_shown_once_under_the_desk_s_own_address(desk: Client, settings: LazySettings) -> None:
    settings.ORIGINS = settings.ORIGINS | {"desk": "https://desk.hotline.example"}
    form = {"name": "Sam", "username": "sam", "role": "analyst"}
    page = desk.post(reverse("desk_invite"), form).content.decode()
    assert "https://desk.hotline.example/desk/join/" in page
    sam = Person.objects.get(username="sam")
    assert "/desk/join/" not in desk.get(reverse("desk_person", args=[sam.public_id])).content.decode()


def test_a_mail_that_does_not_go_leaves_the_link_to_print(desk: Client, settings: LazySettings) -> None:
    settings.MAIL = settings.MAIL | {"host": "127.0.0.1", "port": 1}
    form = {"name": "Sam", "username": "sam", "role": "analyst", "to": "sam@post.example"}
    page = desk.post(reverse("desk_invite"), form).content.decode()
    assert "The mail was not sent" in page
    assert "/desk/join/" in page


def test_a_name_that_is_taken_is_said(desk: Client, analyst: Person) -> None:
    answer = desk.post(reverse("desk_invite"), {"name": "A", "username": "analyst", "role": "analyst"})
    assert (answer.status_code, "already" in answer.content.decode()) == (409, True)


def test_another_role_takes_two_people_and_both_pages_say_what_it_is(
    desk: Client, sign_in: Callable[[Person], Client], analyst: Person, operator: Person
) -> None:
    desk.post(reverse("desk_person_role", args=[analyst.public_id]), {"role": "auditor"})
    assert "Analyst is to be auditor" in desk.get(reverse("desk_person", args=[analyst.public_id])).content.decode()
    assert Person.objects.get(pk=analyst.pk).role == "analyst"
    said = agree(sign_in(operator), analyst)
    assert "Asked by Manager" in said[0]
    assert "is analyst. From now on: <strong>auditor</strong>" in said[0]
    assert "Approved: Analyst is auditor now" in said[1]
    assert Person.objects.get(pk=analyst.pk).role == "auditor"


def test_a_link_waits_for_a_second_person(
    desk: Client, sign_in: Callable[[Person], Client], operator: Person, stranger: Client
) -> None:
    form = {"name": "Sam", "username": "sam", "role": "analyst"}
    page = desk.post(reverse("desk_invite"), form).content.decode()
    assert "Until then it lets nobody in" in page
    link = page.split('id="link">')[1].split("<")[0]
    assert "Not yet, Sam" in stranger.get(link).content.decode()
    said = agree(sign_in(operator), Person.objects.get(username="sam"))
    assert "gets a link to come in as <strong>analyst</strong>" in said[0]
    assert "Approved: the link opens from now on, with the code" in said[1]
    code = said[1].split("with the code ")[1].split(".")[0]
    assert code not in desk.get(reverse("desk_approve")).content.decode()
    assert 'name="password"' in stranger.post(link, {"code": code}).content.decode()


def agree(client: Client, person: Person) -> list[str]:
    """Approve what waits about somebody, as its page does; return the page before and after."""
    before = client.get(reverse("desk_approve")).content.decode()
    waiting = Approval.objects.get(subject=person.public_id)
    posted = {"approval": waiting.public_id, "manifest_sha256": waiting.manifest_sha256}
    return [before, client.post(reverse("desk_approve"), posted, follow=True).content.decode()]


def test_dates_disabling_and_a_new_link(desk: Client, analyst: Person) -> None:
    ways = {
        "desk_person_dates": {"vetted_until": "2031-02-03", "trained_until": ""},
        "desk_person_disable": {},
    }
    for route, form in ways.items():
        assert desk.post(reverse(route, args=[analyst.public_id]), form).status_code == 302
    assert "/desk/join/" in desk.post(reverse("desk_person_invite", args=[analyst.public_id])).content.decode()
    analyst.refresh_from_db()
    assert (analyst.state, str(analyst.vetted_until)) == ("invited", "2031-02-03")


def test_a_day_that_is_none_is_shown_again(desk: Client, analyst: Person) -> None:
    place = reverse("desk_person_dates", args=[analyst.public_id])
    assert "Write the day as year-month-day" in desk.post(place, {"vetted_until": "soon"}).content.decode()


def test_what_is_due_stands_on_the_manager_s_first_page(desk: Client, analyst: Person) -> None:
    Person.objects.filter(pk=analyst.pk).update(trained_until=now().date())
    service = {"name": "Helpline", "for_whom": "children", "number": "1", "next_check": now().date().isoformat()}
    desk.post(reverse("desk_contact_add"), service)
    page = desk.get(reverse("desk_home")).content.decode()
    assert "Numbers to check in the directory" in page
    assert "runs out within a month" in page
    assert "to be checked" in desk.get(reverse("desk_contacts")).content.decode()


def test_a_number_is_tried_and_a_service_taken_out(desk: Client) -> None:
    service = {"name": "Helpline", "for_whom": "children", "number": "1", "next_check": now().date().isoformat()}
    desk.post(reverse("desk_contact_add"), service)
    contact = Contact.objects.get().public_id
    later = (now().date() + timedelta(days=90)).isoformat()
    desk.post(reverse("desk_contact_check"), {"contact": contact, "number": "2", "next_check": later})
    assert "to be checked" not in desk.get(reverse("desk_contacts")).content.decode()
    desk.post(reverse("desk_contact_retire"), {"contact": contact})
    assert "Helpline" not in desk.get(reverse("desk_contacts")).content.decode()
    assert desk.post(reverse("desk_contact_retire"), {"contact": contact}).status_code == 404


def test_an_auditor_sees_who_works_here_and_changes_nothing(
    sign_in: Callable[[Person], Client], analyst: Person, manager: Person
) -> None:
    Person.objects.filter(pk=analyst.pk).update(role="auditor")
    page = sign_in(Person.objects.get(pk=analyst.pk)).get(reverse("desk_people")).content.decode()
    assert manager.name in page
    assert reverse("desk_person", args=[manager.public_id]) not in page
    assert "Invite somebody" not in page
