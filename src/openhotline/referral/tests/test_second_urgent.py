"""Another person signs what one sent at once."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.errors import NeedsTwoPeople
from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import UrgentReferral
from openhotline.referral.queries import urgent_newest, urgent_waiting
from openhotline.referral.services.second_urgent import second_urgent
from openhotline.referral.services.send_urgent import send_urgent

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(senior: Person, now: datetime) -> UrgentReferral:
    return send_urgent(words="A child may be in danger there.", report="", idempotency="k", actor=senior, now=now)


def sign(sent: UrgentReferral, actor: Person, now: datetime) -> UrgentReferral:
    return second_urgent(urgent_id=sent.pk, content_sha256=sent.content_sha256, actor=actor, now=now)


def test_somebody_else_signs_within_the_day(sent: UrgentReferral, manager: Person, now: datetime) -> None:
    assert urgent_waiting() == 1
    done = sign(sent, manager, now + timedelta(hours=23))
    assert (done.second_by, urgent_waiting()) == (manager.public_id, 0)
    assert Record.objects.get(action="urgent_referral_seconded").detail == {"late": False}


def test_late_is_better_than_never_and_says_so(sent: UrgentReferral, manager: Person, now: datetime) -> None:
    sign(sent, manager, now + timedelta(hours=25))
    assert Record.objects.get(action="urgent_referral_seconded").detail == {"late": True}


def test_nobody_signs_their_own_nor_words_they_did_not_read(
    sent: UrgentReferral, senior: Person, manager: Person, analyst: Person, now: datetime
) -> None:
    with pytest.raises(NeedsTwoPeople):
        sign(sent, senior, now)
    with pytest.raises(NotReferable, match="not what was sent"):
        second_urgent(urgent_id=sent.pk, content_sha256="0" * 64, actor=manager, now=now)
    with pytest.raises(NotAllowed):
        sign(sent, analyst, now)


def test_signed_twice_is_signed_once(sent: UrgentReferral, manager: Person, now: datetime) -> None:
    sign(sent, manager, now)
    sign(sent, manager, now + timedelta(hours=1))
    assert (Record.objects.filter(action="urgent_referral_seconded").count(), urgent_newest()[0].second_at) == (1, now)
