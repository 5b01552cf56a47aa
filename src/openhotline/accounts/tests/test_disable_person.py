"""Somebody must not sign in any more."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from openhotline.accounts.errors import InvitationOver
from openhotline.accounts.models import Person
from openhotline.accounts.services.disable_person import disable_person
from openhotline.accounts.services.join import join
from openhotline.core.errors import NotAllowed, NotNow

pytestmark = pytest.mark.django_db


def test_the_session_dies_with_the_next_request(
    at_work: Client, analyst: Person, manager: Person, now: datetime
) -> None:
    disable_person(person_id=analyst.pk, actor=manager, now=now)
    assert at_work.get("/desk/")["Location"].startswith("/desk/sign-in/")
    assert not Client().login(username="analyst", password="practice")


def test_an_open_link_ends_too(invited: tuple[Person, str], manager: Person, now: datetime) -> None:
    disable_person(person_id=invited[0].pk, actor=manager, now=now)
    with pytest.raises(InvitationOver):
        join(token=invited[1], code="", password=None, now=now)


def test_once_is_enough(analyst: Person, manager: Person, now: datetime) -> None:
    disable_person(person_id=analyst.pk, actor=manager, now=now)
    with pytest.raises(NotNow, match="is disabled, so this cannot be done"):
        disable_person(person_id=analyst.pk, actor=manager, now=now)


def test_nobody_disables_themselves(manager: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        disable_person(person_id=manager.pk, actor=manager, now=now)


def test_the_database_holds_no_active_person_who_does_not_work_here(analyst: Person) -> None:
    analyst.state = "disabled"
    with pytest.raises(IntegrityError), transaction.atomic():
        analyst.save()
