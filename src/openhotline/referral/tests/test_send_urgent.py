"""A child may be in danger: one person sends words at once."""

import io
import json
import tarfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pyrage
import pytest
from django.db import connection
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import Misconfigured, NotAllowed
from openhotline.referral.errors import BadWords
from openhotline.referral.models import UrgentReferral
from openhotline.referral.queries import partner_folder
from openhotline.referral.services.send_urgent import send_urgent

pytestmark = pytest.mark.django_db
WORDS = "The caller heard a child in flat 3 ask for help; the line is open."


@pytest.fixture
def send(analyst: Person, now: datetime) -> Callable[..., UrgentReferral]:
    def go(words: str = WORDS, *, by: Person = analyst, key: str = "k") -> UrgentReferral:
        return send_urgent(words=words, report="rep_x", idempotency=key, actor=by, now=now)

    return go


def test_one_person_alone_sends_it_at_once_and_no_file_goes_with_it(
    send: Callable[..., UrgentReferral], identity: str, analyst: Person, now: datetime
) -> None:
    sent = send()
    sealed = (partner_folder() / f"{sent.public_id}.age").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(sealed, [x25519.Identity.from_str(identity.strip())]))) as tar:
        (only,) = tar.getmembers()
        content = tar.extractfile(only)
        assert content is not None
        told = json.loads(content.read())
    assert (told["words"], told["about_report"], told["heading"]) == (WORDS, "rep_x", "PRACTICE - NOT FINDINGS")
    assert analyst.name not in json.dumps(told)
    assert (sent.second_at, sent.second_due_at) == (None, now + timedelta(hours=24))
    line = Record.objects.get(action="urgent_referral_sent")
    assert (line.actor, line.detail["alone"]) == (analyst.public_id, True)


def test_the_database_holds_the_words_sealed(send: Callable[..., UrgentReferral]) -> None:
    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM referral_urgentreferral")
        assert b"flat 3" not in bytes(cursor.fetchone()[0])


def test_a_form_that_is_sent_twice_sends_once(send: Callable[..., UrgentReferral]) -> None:
    assert send() == send()
    assert UrgentReferral.objects.count() == 1
    assert send(key="another") != send()


@pytest.mark.parametrize("words", ["", "help", "x" * 10_001, "a child is in danger now\x00here"])
def test_what_cannot_be_sent_is_told(send: Callable[..., UrgentReferral], words: str) -> None:
    with pytest.raises(BadWords):
        send(words)


def test_who_does_not_refer_does_not_send(send: Callable[..., UrgentReferral], auditor: Person) -> None:
    with pytest.raises(NotAllowed):
        send(by=auditor)


def test_an_expired_key_is_told_before_anything_is_kept(send: Callable[..., UrgentReferral], settings: Any) -> None:
    settings.POLICE_KEY_EXPIRES = date(2026, 11, 1)
    with pytest.raises(Misconfigured, match="expired"):
        send()
    assert not UrgentReferral.objects.exists()
