"""After a restore entries that had left the list leave it again."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core import models as core
from openhotline.hashlists.models import Dispute, Entry
from openhotline.hashlists.queries import verdicts_for
from openhotline.hashlists.services.withdraw_entries_again import withdraw_entries_again
from openhotline.hashlists.states import DisputeState, EntryState

pytestmark = pytest.mark.django_db


def test_it_matches_nothing_any_more_and_is_announced_once(make_entry: Callable[..., Entry], now: datetime) -> None:
    back, other = make_entry(), make_entry()
    Dispute.objects.create(entry=back, reason="member", raised_at=now)
    names = [back.public_id, "ent_not_here"]
    assert [withdraw_entries_again(names=names, actor="test", now=now) for _ in range(2)] == [1, 0]
    back.refresh_from_db()
    assert (back.state, back.withdrawn_at) == (EntryState.WITHDRAWN, now)
    assert verdicts_for([back.item.lookup]) == {}
    assert len(verdicts_for([other.item.lookup])) == 1
    assert Dispute.objects.get().state == DisputeState.WITHDRAWN
    assert core.Event.objects.get(kind="EntriesWithdrawn").ids == [back.pk]
    assert Record.objects.filter(action="entries_withdrawn_again").count() == 1


def test_planted_bug_it_would_match(make_entry: Callable[..., Entry], now: datetime) -> None:
    """What the replay is for: as the backup has it, the entry stands."""
    back = make_entry()
    withdraw_entries_again(names=[], actor="test", now=now)
    assert len(verdicts_for([back.item.lookup])) == 1
