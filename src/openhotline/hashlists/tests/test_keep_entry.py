"""A person keeps an entry that was in question."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed
from openhotline.hashlists.models import Dispute
from openhotline.hashlists.queries import disputes_waiting
from openhotline.hashlists.services.dispute_entries import dispute_entries
from openhotline.hashlists.services.keep_entry import keep_entry
from openhotline.hashlists.states import DISPUTE_TRANSITIONS, DisputeState, WithdrawalReason
from openhotline.hashlists.tests.conftest import MakeEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispute(make_entry: MakeEntry, now: datetime) -> Dispute:
    (found,) = dispute_entries(
        item_ids=[make_entry().item_id], reason=WithdrawalReason.LAW_CHANGED, actor="step:test", now=now
    )
    return found


def test_it_is_settled_by_whom_and_when_and_recorded_once(dispute: Dispute, senior: Person, now: datetime) -> None:
    for _ in range(2):
        kept = keep_entry(dispute=dispute.public_id, actor=senior, now=now)
    assert (kept.state, kept.settled_by, kept.settled_at) == (DisputeState.KEPT, senior.public_id, now)
    assert not disputes_waiting().exists()
    assert Record.objects.get(action="entry_kept").subject == dispute.entry.public_id


def test_an_analyst_cannot(dispute: Dispute, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not keep the list"):
        keep_entry(dispute=dispute.public_id, actor=analyst, now=now)


def test_an_unknown_one_is_a_sentence(senior: Person, now: datetime) -> None:
    with pytest.raises(Missing, match="no dispute dsp_x"):
        keep_entry(dispute="dsp_x", actor=senior, now=now)


def test_every_state_that_is_settled_is_final() -> None:
    assert [state for state, ways in DISPUTE_TRANSITIONS.items() if ways] == [DisputeState.OPEN]
