"""People who come and go."""

from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.accounts.services.invite_person import invite_person
from openhotline.accounts.states import Role
from openhotline.core.clock import now as clock_now


@pytest.fixture
def invited(manager: Person, now: datetime) -> tuple[Person, str]:
    """Somebody who is to be an analyst, and the token of their link."""
    return invite_person(username="sam", name="Sam", role=Role.ANALYST, practice=True, actor=manager, now=now)


@pytest.fixture
def at_work(analyst: Person) -> Client:
    """The analyst's browser, signed in."""
    client = Client()
    client.force_login(analyst)
    return client


@pytest.fixture
def link(manager: Person) -> str:
    """The path of a link that is good today, for somebody called Sam."""
    who = {"username": "sam", "name": "Sam", "role": Role.ANALYST}
    _, token = invite_person(**who, practice=settings.PRACTICE, actor=manager, now=clock_now())
    return reverse("join", args=[token])
