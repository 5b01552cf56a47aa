"""A link, and who has to agree to it."""

from datetime import datetime

import pytest
from django.db import transaction

from openhotline.accounts.models import Approval, Invitation, Person
from openhotline.accounts.services.disable_person import disable_person
from openhotline.accounts.services.join import link_is_approved
from openhotline.accounts.services.make_link import make_link
from openhotline.accounts.tests.conftest import Agree

pytestmark = pytest.mark.django_db


def test_a_second_person_is_asked_for_exactly_this_link(
    invited: tuple[Person, str], agree: Agree, manager: Person, now: datetime
) -> None:
    agree(invited[0])
    make_link(invited[0], actor=manager, now=now)
    link = Invitation.objects.get(ended_at=None)
    assert not link_is_approved(link, now)
    agree(invited[0])
    assert link_is_approved(link, now)
    assert not link_is_approved(link, link.expires_at)


def test_a_link_that_somebody_signed_who_has_left_waits(
    invited: tuple[Person, str], agree: Agree, operator: Person, manager: Person, now: datetime
) -> None:
    agree(invited[0])
    disable_person(person_id=operator.pk, actor=manager, now=now)
    assert not link_is_approved(Invitation.objects.get(ended_at=None), now)


def test_the_command_line_s_link_needs_nobody_and_voids_what_waited(invited: tuple[Person, str], now: datetime) -> None:
    make_link(invited[0], actor=None, now=now)
    assert link_is_approved(Invitation.objects.get(ended_at=None), now)
    assert Approval.objects.get().state == "void"


def test_link_and_question_come_and_go_together(invited: tuple[Person, str], manager: Person, now: datetime) -> None:
    before = Invitation.objects.get(ended_at=None)
    with transaction.atomic():
        make_link(invited[0], actor=manager, now=now)
        transaction.set_rollback(True)
    assert Invitation.objects.get(ended_at=None) == before
    assert Approval.objects.get().manifest_sha256 == before.manifest_sha256
