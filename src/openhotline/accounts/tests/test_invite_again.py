"""A lost key, or somebody who comes back."""

from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.services.disable_person import disable_person
from openhotline.accounts.services.invite_again import invite_again
from openhotline.accounts.services.join import join
from openhotline.accounts.tests.conftest import Agree
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_everything_they_had_ends_at_once(at_work: Client, analyst: Person, manager: Person, now: datetime) -> None:
    Authenticator.objects.create(user=analyst, type=Authenticator.Type.TOTP, data={"secret": "x"})
    invite_again(person_id=analyst.pk, actor=manager, now=now)
    assert at_work.get("/desk/").status_code == 302
    assert not Client().login(username="analyst", password="practice")
    assert not Authenticator.objects.filter(user=analyst).exists()


def test_who_was_disabled_can_come_back(analyst: Person, manager: Person, agree: Agree, now: datetime) -> None:
    disable_person(person_id=analyst.pk, actor=manager, now=now)
    _, token = invite_again(person_id=analyst.pk, actor=manager, now=now)
    code = str(agree(analyst))
    assert join(token=token, code=code, password=None, now=now).state == "working"


def test_a_manager_alone_does_not_come_in_as_somebody_else(senior: Person, manager: Person, now: datetime) -> None:
    _, token = invite_again(person_id=senior.pk, actor=manager, now=now)
    with pytest.raises(NotApproved):
        join(token=token, code="", password=None, now=now)


def test_from_the_command_line_it_takes_one_and_the_log_says_so(senior: Person, manager: Person, now: datetime) -> None:
    invite_again(person_id=senior.pk, actor=manager, now=now)
    _, token = invite_again(person_id=senior.pk, actor=None, now=now)
    assert join(token=token, code="", password=None, now=now).is_active
    told = [row.detail["alone"] for row in Record.objects.filter(action="person_invited_again").order_by("pk")]
    assert told == [False, True]


def test_nobody_makes_themselves_a_new_key(manager: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="Nobody changes their own"):
        invite_again(person_id=manager.pk, actor=manager, now=now)
