"""A flag for victim identification drafts words for the police at once; nothing but a person sends them."""

from datetime import datetime

import pytest
from django.db import connection

from openhotline.accounts.models import Person
from openhotline.assessment.events import VictimFlagged
from openhotline.assessment.models import VictimFlag
from openhotline.audit.models import Record
from openhotline.core.events import publish
from openhotline.core.jobs import drain
from openhotline.referral.models import UrgentDraft, UrgentReferral
from openhotline.referral.queries import urgent_drafts, urgent_waiting
from openhotline.referral.services.draft_urgent import draft_urgent
from openhotline.referral.services.send_urgent import send_urgent
from openhotline.referral.states import UrgentDraftState

pytestmark = pytest.mark.django_db


def send(draft: UrgentDraft, actor: Person, now: datetime) -> UrgentReferral:
    """Send a draft as it is."""
    return send_urgent(words=draft.words, report="", idempotency="k", draft=draft.public_id, actor=actor, now=now)


def test_a_flag_has_its_words_drafted_and_nothing_is_sent(flag: VictimFlag, now: datetime) -> None:
    publish(VictimFlagged(ids=(flag.pk,)), now=now)
    drain()
    (draft,) = urgent_drafts()
    assert draft.flag == flag
    assert urgent_waiting() == 1
    assert not UrgentReferral.objects.exists()


def test_the_words_say_what_is_known_and_that_the_rest_is_not_determined(draft: UrgentDraft, flag: VictimFlag) -> None:
    assert flag.assessment.item.public_id in draft.words
    assert "http://127.0.0.1:8090/pictures/1.png" in draft.words
    assert "A real child: not determined. Not determined never means no." in draft.words
    assert flag.assessment.person not in draft.words
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM referral_urgentdraft")
        assert b"127.0.0.1" not in bytes(cursor.fetchone()[0])


def test_a_second_delivery_drafts_nothing_more(draft: UrgentDraft, flag: VictimFlag, now: datetime) -> None:
    assert draft_urgent(flags=[flag.pk], actor="step:test", now=now) == []
    assert Record.objects.filter(action="urgent_referrals_drafted").count() == 1


def test_a_flag_that_was_taken_back_takes_its_draft_with_it(draft: UrgentDraft, now: datetime) -> None:
    VictimFlag.objects.update(ended_at=now)
    assert urgent_drafts() == []


def test_a_flag_that_was_taken_back_before_drafts_nothing(flag: VictimFlag, now: datetime) -> None:
    VictimFlag.objects.update(ended_at=now)
    assert draft_urgent(flags=[flag.pk], actor="step:test", now=now) == []


def test_one_person_sends_it_and_a_second_is_waited_for(draft: UrgentDraft, analyst: Person, now: datetime) -> None:
    sent = send(draft, analyst, now)
    draft.refresh_from_db()
    assert (draft.state, draft.sent, draft.settled_by) == (UrgentDraftState.SENT, sent, analyst.public_id)
    assert sent.second_at is None
    assert urgent_drafts() == []


def test_planted_bug_a_flag_that_nobody_hears_of_drafts_nothing(
    flag: VictimFlag, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft rests on the announcement of the flag, and on no page that somebody may not open."""
    monkeypatch.setattr("openhotline.journey.draft_urgent", lambda **_: [])
    publish(VictimFlagged(ids=(flag.pk,)), now=now)
    drain()
    assert urgent_drafts() == []
