"""An entry is taken off the list."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed
from openhotline.hashlists.models import Entry
from openhotline.hashlists.queries import verdicts_for
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import EntryState, WithdrawalReason

pytestmark = pytest.mark.django_db
LAW = WithdrawalReason.LAW_CHANGED


def test_a_withdrawn_entry_matches_nothing_any_more(
    make_entry: Callable[..., Entry], senior: Person, now: datetime
) -> None:
    entry = make_entry()
    gone = withdraw_entry(entry=entry.public_id, reason=LAW, actor=senior, now=now)
    assert (gone.state, gone.withdrawn_at) == (EntryState.WITHDRAWN, now)
    assert verdicts_for([entry.item.lookup]) == {}


def test_withdrawing_twice_is_once(make_entry: Callable[..., Entry], senior: Person, now: datetime) -> None:
    name = make_entry().public_id
    for _ in range(2):
        withdraw_entry(entry=name, reason=LAW, actor=senior, now=now)
    assert Record.objects.get(action="entry_withdrawn").detail == {"reason": "law_changed"}


def test_an_analyst_cannot(make_entry: Callable[..., Entry], analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not keep the list"):
        withdraw_entry(entry=make_entry().public_id, reason=LAW, actor=analyst, now=now)


def test_an_unknown_entry_is_a_sentence(senior: Person, now: datetime) -> None:
    with pytest.raises(Missing, match="no entry ent_x"):
        withdraw_entry(entry="ent_x", reason=LAW, actor=senior, now=now)
