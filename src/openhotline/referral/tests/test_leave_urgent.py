"""Drafted words are left unsent by who handles referrals, and the log says who."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import UrgentDraft
from openhotline.referral.queries import urgent_drafts
from openhotline.referral.services.leave_urgent import leave_urgent

pytestmark = pytest.mark.django_db


def test_a_senior_leaves_it_unsent_and_the_log_says_who(draft: UrgentDraft, senior: Person, now: datetime) -> None:
    leave_urgent(draft=draft.public_id, actor=senior, now=now)
    assert urgent_drafts() == []
    assert Record.objects.get(action="urgent_draft_left").actor == senior.public_id
    with pytest.raises(NotReferable):
        leave_urgent(draft=draft.public_id, actor=senior, now=now)


def test_an_analyst_leaves_none_unsent(draft: UrgentDraft, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        leave_urgent(draft=draft.public_id, actor=analyst, now=now)
