"""Somebody starts to work here."""

from datetime import datetime

import pytest
from django.test import Client

from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.states import Role
from openhotline.audit.models import Record

pytestmark = pytest.mark.django_db


def test_the_log_knows_the_person_by_id_only(now: datetime) -> None:
    person = add_person(
        username="sam", name="Sam", role=Role.ANALYST, password=None, practice=False, actor="operator", now=now
    )
    row = Record.objects.get(action="person_added")
    assert (row.subject, row.detail) == (person.public_id, {"role": "analyst"})


def test_without_a_password_nobody_signs_in(stranger: Client, now: datetime) -> None:
    add_person(username="sam", name="Sam", role=Role.ANALYST, password=None, practice=False, actor="x", now=now)
    assert not stranger.login(username="sam", password="")


def test_with_one_they_do(stranger: Client, analyst: Person) -> None:
    assert stranger.login(username="analyst", password="practice")
