"""The desk's report page says what was listed."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.evidence.queries import digests_of
from openhotline.hashlists.models import Entry, LegalBasis
from openhotline.hashlists.panels import listed_panel
from openhotline.hashlists.services.dispute_entries import dispute_entries
from openhotline.hashlists.states import WithdrawalReason

pytestmark = pytest.mark.django_db


def test_an_entry_is_told_without_its_hashes(make_entry: Callable[..., Entry]) -> None:
    entry = make_entry()
    shown = listed_panel([entry.item_id])
    assert entry.public_id in shown
    assert "not yet released" in shown
    assert digests_of(entry.item)["sha256"] not in shown


def test_an_entry_in_question_is_said_to_be_that(make_entry: Callable[..., Entry], now: datetime) -> None:
    """With the laws that it stands on; once it is withdrawn, that it is withdrawn."""
    scotland = LegalBasis(jurisdiction="GB-SCT", outcome="pseudo_photograph", category="B", provision="s52")
    entry = make_entry(elsewhere=(scotland,))
    reason = WithdrawalReason.FEEDBACK
    dispute_entries(item_ids=[entry.item_id], reason=reason, actor="step:test", now=now)
    shown = listed_panel([entry.item_id])
    assert "in question" in shown
    assert "GB-SCT: s52" in shown


def test_nothing_listed_is_said() -> None:
    assert "Nothing of this report is on the list." in listed_panel([])
