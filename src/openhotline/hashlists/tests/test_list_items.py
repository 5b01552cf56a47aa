"""Decided items become entries, and are found again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np
import pytest
from django.db import IntegrityError

from hashmatch import turned
from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core import models as core
from openhotline.evidence.models import Item
from openhotline.hashlists import policies
from openhotline.hashlists.models import Entry, Listable, Release
from openhotline.hashlists.queries import KnownIn, NearEntry, near_entries, verdicts_for
from openhotline.hashlists.services import list_items as operation
from openhotline.hashlists.services.list_items import list_items
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import EntryState, WithdrawalReason
from openhotline.law.states import OutcomeKind

pytestmark = pytest.mark.django_db
Offer = Callable[..., Listable]
NEAR = "f" * 60 + "0000"


@pytest.mark.parametrize("outcome", sorted(policies.LISTED_OUTCOMES))
def test_criminal_imagery_is_listed(
    make_item: Callable[..., Item], listable: Offer, now: datetime, outcome: str
) -> None:
    (entry,) = list_items(listables=[listable(make_item(), outcome=outcome)], actor="step:x", now=now)
    assert (entry.outcome, entry.state) == (outcome, EntryState.ACTIVE)
    assert core.Event.objects.get(kind="EntriesListed").ids == [entry.pk]


@pytest.mark.parametrize("outcome", sorted(set(OutcomeKind) - policies.LISTED_OUTCOMES))
def test_nothing_else_is(make_item: Callable[..., Item], listable: Offer, now: datetime, outcome: str) -> None:
    """Among them the innocent source of an altered picture, whose own outcome is not criminal."""
    assert list_items(listables=[listable(make_item(), outcome=outcome)], actor="step:x", now=now) == []
    assert not core.Event.objects.filter(kind="EntriesListed").exists()


def test_planted_bug_without_the_rule_an_innocent_source_would_be_listed(
    make_item: Callable[..., Item], listable: Offer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "may_be_listed", lambda _listable: True)
    assert list_items(listables=[listable(make_item(), outcome="not_criminal")], actor="step:x", now=now)


def test_listing_twice_is_once(make_item: Callable[..., Item], listable: Offer, now: datetime) -> None:
    offers = [listable(make_item()), listable(make_item())]
    assert len(list_items(listables=[*offers, offers[0]], actor="step:x", now=now)) == 2
    assert list_items(listables=offers, actor="step:x", now=now) == []
    assert Record.objects.get(action="entries_listed").count == 2


def test_what_was_not_recorded_is_not_determined_and_never_no(make_entry: Callable[..., Entry]) -> None:
    entry = make_entry(ai_involvement="", real_child="")
    assert (entry.ai_involvement, entry.real_child, entry.sharing) == ("not_determined",) * 3


def test_an_entry_is_an_exact_match_for_the_same_bytes(
    make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    item = make_item()
    assert verdicts_for([item.lookup]) == {}
    make_entry(item)
    assert verdicts_for([item.lookup]) == {item.lookup: [KnownIn("entries", "known")]}


def test_a_near_picture_finds_the_entry_but_an_item_never_finds_itself(
    make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    entry, near, far = make_entry(pdq="f" * 64), make_item(pdq=NEAR), make_item(pdq="0" * 64)
    asked = {item.pk: item.pdq for item in (entry.item, near, far, make_item())}
    assert near_entries(asked) == [NearEntry(near.pk, entry.public_id, 16, altered_real=False)]


def test_an_entry_is_found_in_whichever_position_the_picture_is(
    make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    """As pictures of known lists are: turned and mirrored, each told once, by its nearest position."""
    upright = sha256(b"a picture").hexdigest()
    entry = make_entry(pdq=upright)
    positions = turned(np.frombuffer(bytes.fromhex(upright), np.uint8)[None])[0]
    items = [make_item(pdq=one.tobytes().hex()) for one in positions]
    found = near_entries({item.pk: item.pdq for item in items})
    assert {(one.item_id, one.entry, one.distance) for one in found} == {
        (item.pk, entry.public_id, 0) for item in items
    }
    assert {one.turn for one in found} == set(range(8))


def test_the_index_follows_the_table(make_item: Callable[..., Item], make_entry: Callable[..., Entry]) -> None:
    near = make_item(pdq=NEAR)
    first = make_entry(pdq="f" * 64)
    assert len(near_entries({near.pk: near.pdq})) == 1
    second = make_entry(pdq="f" * 64)
    Entry.objects.filter(pk=first.pk).update(state=EntryState.WITHDRAWN)
    assert near_entries({near.pk: near.pdq}) == [NearEntry(near.pk, second.public_id, 16, altered_real=False)]


def test_the_index_starts_again_with_another_table(
    make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    near = make_item(pdq=NEAR)
    make_entry(pdq="f" * 64)
    near_entries({near.pk: near.pdq})
    Entry.objects.all().delete()
    assert near_entries({near.pk: near.pdq}) == []


def test_nothing_to_ask_is_no_answer() -> None:
    assert near_entries({}) == near_entries({1: None}) == []


@pytest.fixture
def withdrawn(make_entry: Callable[..., Entry], release: Callable[[], Release], senior: Person, now: datetime) -> Entry:
    """An entry that was published, and withdrawn at noon."""
    entry = make_entry()
    release()
    return withdraw_entry(entry=entry.public_id, reason=WithdrawalReason.LISTED_BY_MISTAKE, actor=senior, now=now)


def test_what_is_decided_anew_after_it_was_withdrawn_becomes_another_entry(
    withdrawn: Entry, listable: Offer, release: Callable[[], Release], now: datetime
) -> None:
    """Its number is its own, and the old one stays a tombstone in every release."""
    release()
    offer = listable(withdrawn.item, decided_at=now + timedelta(seconds=1))
    (anew,) = list_items(listables=[offer], actor="step:x", now=now + timedelta(hours=1))
    assert anew.public_id != withdrawn.public_id
    assert anew.released_in is None, "two people release it, as any"
    release()
    withdrawn.refresh_from_db()
    anew.refresh_from_db()
    assert (withdrawn.state, withdrawn.tombstoned_in) == (EntryState.WITHDRAWN, 2)
    assert (anew.state, anew.released_in, anew.tombstoned_in) == (EntryState.ACTIVE, 3, None)
    assert list_items(listables=[offer], actor="step:x", now=now + timedelta(hours=2)) == []


@pytest.mark.parametrize("before", [timedelta(0), timedelta(seconds=1), timedelta(days=9)])
def test_an_old_decision_that_comes_once_more_lists_nothing_again(
    withdrawn: Entry, listable: Offer, now: datetime, before: timedelta
) -> None:
    offers = [listable(withdrawn.item, decided_at=now - before), listable(withdrawn.item)]
    for offer in offers:
        assert list_items(listables=[offer], actor="step:x", now=now + timedelta(hours=1)) == []


def test_planted_bug_that_asks_for_no_new_decision_lists_it_again(
    withdrawn: Entry, listable: Offer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "confirms_anew", lambda _listable, _at: True)
    assert list_items(listables=[listable(withdrawn.item)], actor="step:x", now=now)


def test_an_item_has_one_active_entry_whatever_happens(make_entry: Callable[..., Entry]) -> None:
    """The database says so, and not the operation alone."""
    entry = make_entry()
    entry.pk, entry.public_id = None, "ent_other"
    with pytest.raises(IntegrityError):
        entry.save(force_insert=True)
