"""The partner has it: the receipt and its own reference are kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.referral.errors import BadReference, NotReferable
from openhotline.referral.models import Referral
from openhotline.referral.services.hand_over import hand_over
from openhotline.referral.services.note_receipt import note_receipt
from openhotline.referral.states import ReferralState

pytestmark = pytest.mark.django_db
Build = Callable[..., Referral]


@pytest.fixture
def out(built: Build, now: datetime) -> Referral:
    return hand_over(referral_id=built().pk, actor="step:x", now=now)


def test_a_receipt_is_kept_with_the_police_reference_sealed(out: Referral, senior: Person, now: datetime) -> None:
    done = note_receipt(referral_id=out.pk, reference=" NC 123/26 ", actor=senior, now=now)
    assert (done.state, done.reference, done.receipt_at) == (ReferralState.RECEIVED, "NC 123/26", now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM referral_referral")
        assert b"NC 123" not in bytes(cursor.fetchone()[0])
    assert Record.objects.get(action="referral_received").subject == out.public_id


def test_a_corrected_reference_keeps_the_first_moment(out: Referral, senior: Person, now: datetime) -> None:
    note_receipt(referral_id=out.pk, reference="1", actor=senior, now=now)
    done = note_receipt(referral_id=out.pk, reference="2", actor=senior, now=now - timedelta(hours=3))
    assert (done.reference, done.receipt_at) == ("2", now)
    assert Record.objects.filter(action="referral_reference_changed").count() == 1


def test_what_was_not_handed_over_was_not_received(built: Build, senior: Person, now: datetime) -> None:
    with pytest.raises(NotReferable, match="handed over"):
        note_receipt(referral_id=built().pk, reference="1", actor=senior, now=now)


@pytest.mark.parametrize("reference", ["", "  ", "x" * 121, "a\nb"])
def test_what_is_no_reference_is_told(out: Referral, senior: Person, now: datetime, reference: str) -> None:
    with pytest.raises(BadReference, match="1 to 120"):
        note_receipt(referral_id=out.pk, reference=reference, actor=senior, now=now)


def test_an_analyst_does_not_note_receipts(out: Referral, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        note_receipt(referral_id=out.pk, reference="1", actor=analyst, now=now)
