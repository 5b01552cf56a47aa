"""Items and the lists of others: by file, nearly, turned, and not where the hash says too little."""

import json
from datetime import datetime

import numpy as np
import pytest

from cast import MakeItem
from hashmatch import turned
from openhotline.accounts.models import Person
from openhotline.core.jobs import drain
from openhotline.evidence.models import Item
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.set_known_list import Matching, set_known_list
from openhotline.hashlists.states import HashKind, Verdict
from openhotline.triage.models import Match, Selection
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import SelectionState

pytestmark = pytest.mark.django_db
DIGESTS = json.dumps({"sha256": "0a" * 32, "sha1": "0b" * 20, "md5": "0c" * 16})


def _triage(now: datetime, *items: Item) -> None:
    triage_items(ids=[item.pk for item in items], actor="step:test", now=now)


def _pictures(now: datetime, *lines: str, verdict: Verdict = Verdict.KNOWN) -> None:
    import_known(list_name="theirs", verdict=verdict, lines=lines, kind=HashKind.PDQ, actor="test", now=now)


def _turned(item: Item, position: int) -> str:
    return bytes(turned(np.frombuffer(bytes.fromhex(str(item.pdq)), np.uint8)[None])[0, position]).hex()


@pytest.mark.parametrize(
    ("kind", "line", "kept"),
    [(HashKind.SHA1, "0b" * 20, Match.SHA1), (HashKind.MD5, "0C" * 16, Match.MD5)],
)
def test_a_list_of_older_hashes_finds_the_file(
    make_item: MakeItem, now: datetime, kind: HashKind, line: str, kept: str
) -> None:
    import_known(list_name="old", verdict=Verdict.KNOWN, lines=[line], kind=kind, actor="test", now=now)
    _triage(now, make_item(digests=DIGESTS), make_item(seed=1))
    assert Match.objects.get().kind == kept
    assert sorted(Selection.objects.values_list("state", flat=True)) == ["selected", "unsorted"]


@pytest.mark.parametrize("kind", [HashKind.SHA1, HashKind.MD5])
def test_a_list_that_grows_finds_what_was_triaged_before(make_item: MakeItem, now: datetime, kind: HashKind) -> None:
    item = make_item(digests=DIGESTS)
    _triage(now, item)
    line = {HashKind.SHA1: "0b" * 20, HashKind.MD5: "0c" * 16}[kind]
    import_known(list_name="old", verdict=Verdict.KNOWN, lines=[line], kind=kind, actor="test", now=now)
    drain()
    assert Selection.objects.get().state == SelectionState.SELECTED


def test_a_near_picture_is_matched_and_waits_for_a_person(make_item: MakeItem, now: datetime) -> None:
    item = make_item(flip=9)
    _pictures(now, str(make_item().pdq))
    _triage(now, item)
    found = Match.objects.get()
    assert (found.kind, found.distance, found.turn, found.list_name) == (Match.NEAR, 9, 0, "theirs")
    assert Selection.objects.get().state == SelectionState.UNSORTED
    assert "possibly_unknown" not in dict(Selection.objects.get().reasons)


def test_planted_bug_a_near_harmless_picture_that_was_set_aside_would_be_seen(
    make_item: MakeItem, now: datetime
) -> None:
    """An altered picture can be near its harmless original, so that near never sets aside."""
    item = make_item(flip=1)
    _pictures(now, str(make_item().pdq), verdict=Verdict.HARMLESS)
    _triage(now, item)
    assert Selection.objects.get().state == SelectionState.UNSORTED


@pytest.mark.parametrize("position", range(8))
def test_a_turned_picture_is_found_where_the_form_is_not_known(
    make_item: MakeItem, now: datetime, position: int
) -> None:
    item = make_item()
    _pictures(now, _turned(item, position))
    _triage(now, item)
    assert Match.objects.get().distance == 0
    assert bool(Match.objects.get().turn) == bool(position)


def test_an_upright_list_is_asked_as_it_stands(make_item: MakeItem, manager: Person, now: datetime) -> None:
    item = make_item()
    _pictures(now, _turned(item, 2))
    upright = Matching(near_radius=31, least_quality=50, upright=True, flood_after=None)
    set_known_list(name="theirs", matching=upright, actor=manager, now=now)
    _triage(now, item)
    assert not Match.objects.exists()


@pytest.mark.parametrize(("quality", "line_quality"), [(49, ",100"), (100, ",49")])
def test_a_plain_picture_on_either_side_is_not_matched_nearly(
    make_item: MakeItem, now: datetime, quality: int, line_quality: str
) -> None:
    item = make_item(quality=quality)
    _pictures(now, f"{item.pdq}{line_quality}")
    _triage(now, item)
    assert not Match.objects.exists()


@pytest.mark.parametrize(("radius", "found"), [(9, 1), (8, 0), (None, 0)])
def test_each_list_has_a_distance_of_its_own_also_for_what_was_triaged_before(
    make_item: MakeItem, manager: Person, now: datetime, radius: int | None, found: int
) -> None:
    item = make_item(flip=9)
    _pictures(now, str(make_item().pdq))
    _triage(now, item)
    rule = Matching(near_radius=radius, least_quality=50, upright=None, flood_after=None)
    set_known_list(name="theirs", matching=rule, actor=manager, now=now)
    drain()
    assert Match.objects.count() == found


def test_pictures_that_come_later_find_what_was_triaged_before(make_item: MakeItem, now: datetime) -> None:
    item, far = make_item(), make_item(seed=5)
    _triage(now, item, far)
    _pictures(now, _turned(item, 3))
    drain()
    assert list(Match.objects.values_list("item_id", "distance")) == [(item.pk, 0)]
