"""An entry that suddenly matches too much is held until a person decides."""

import json
from datetime import datetime, timedelta

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.core.jobs import drain
from openhotline.evidence.models import Item
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.set_known_list import Matching, set_known_list
from openhotline.hashlists.states import HashKind, Verdict
from openhotline.triage.errors import HeldDecided, HeldMissing
from openhotline.triage.models import HeldEntry, Match, Selection
from openhotline.triage.services.decide_held import decide_held
from openhotline.triage.services.judge_again import judge_again
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import HeldState

pytestmark = pytest.mark.django_db
MD5 = json.dumps({"md5": "0c" * 16})


@pytest.fixture(autouse=True)
def two_allowed(manager: Person, now: datetime) -> None:
    """A list of one MD5 that may match two items a day."""
    import_known(list_name="old", verdict=Verdict.HARMLESS, lines=["0c" * 16], kind=HashKind.MD5, actor="test", now=now)
    rule = Matching(near_radius=31, least_quality=50, upright=None, flood_after=2)
    set_known_list(name="old", matching=rule, actor=manager, now=now)


def _items(make_item: MakeItem, many: int) -> list[Item]:
    return [make_item(seed=seed, digests=MD5) for seed in range(many)]


def _triage(items: list[Item], now: datetime) -> None:
    triage_items(ids=[item.pk for item in items], actor="step:test", now=now)


def _states() -> set[str]:
    return set(Selection.objects.values_list("state", flat=True))


def test_as_many_as_are_allowed_are_no_flood(make_item: MakeItem, now: datetime) -> None:
    _triage(_items(make_item, 2), now)
    assert not HeldEntry.objects.exists()
    assert _states() == {"set_aside"}


def test_a_flood_is_held_at_once_and_nothing_is_dropped(make_item: MakeItem, now: datetime) -> None:
    _triage(_items(make_item, 3), now)
    assert (HeldEntry.objects.get().matched, HeldEntry.objects.get().limit) == (3, 2)
    assert Match.objects.count() == 3
    assert _states() == {"unsorted"}


def test_what_the_entry_had_set_aside_before_comes_back_to_people(make_item: MakeItem, now: datetime) -> None:
    _triage(_items(make_item, 2), now)
    _triage([make_item(seed=9, digests=MD5)], now + timedelta(hours=1))
    drain()
    assert _states() == {"unsorted"}


def test_as_many_over_a_longer_time_are_no_flood(make_item: MakeItem, now: datetime) -> None:
    items = _items(make_item, 6)
    for day, at in enumerate((0, 2, 4)):
        _triage(items[at : at + 2], now + timedelta(days=2 * day))
    judge_again(ids=[item.pk for item in items], actor="test", now=now + timedelta(days=9))
    assert not HeldEntry.objects.exists()
    assert _states() == {"set_aside"}


def test_a_released_entry_acts_again_and_is_held_no_more(make_item: MakeItem, manager: Person, now: datetime) -> None:
    _triage(_items(make_item, 3), now)
    decide_held(held=HeldEntry.objects.get().public_id, act="release", actor=manager, now=now)
    drain()
    assert _states() == {"set_aside"}
    assert HeldEntry.objects.get().state == HeldState.RELEASED
    assert Record.objects.get(action="held_entry_decided").actor == manager.public_id


def test_a_retired_entry_only_shows_and_can_be_released_later(
    make_item: MakeItem, manager: Person, now: datetime
) -> None:
    _triage(_items(make_item, 3), now)
    held = HeldEntry.objects.get().public_id
    decide_held(held=held, act="retire", actor=manager, now=now)
    drain()
    assert _states() == {"unsorted"}
    assert decide_held(held=held, act="release", actor=manager, now=now).state == HeldState.RELEASED


def test_one_decision_stands(make_item: MakeItem, manager: Person, now: datetime) -> None:
    _triage(_items(make_item, 3), now)
    held = HeldEntry.objects.get().public_id
    decide_held(held=held, act="release", actor=manager, now=now)
    with pytest.raises(HeldDecided):
        decide_held(held=held, act="retire", actor=manager, now=now)


def test_an_analyst_does_not_decide(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not decide on held entries"):
        decide_held(held="hld_x", act="release", actor=analyst, now=now)


def test_what_is_not_there_is_not_decided(manager: Person, now: datetime) -> None:
    with pytest.raises(HeldMissing):
        decide_held(held="hld_x", act="release", actor=manager, now=now)
