"""Somebody gives the hotline a list of known files."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.evidence.models import Item
from openhotline.evidence.queries import digests_of
from openhotline.hashlists.errors import LineRefused
from openhotline.hashlists.models import KnownFile
from openhotline.hashlists.queries import KnownIn, verdicts_for
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.states import Verdict

pytestmark = pytest.mark.django_db
ONE, TWO = "0a" * 32, "0b" * 32


def load(*sha256s: str, now: datetime, verdict: Verdict = Verdict.KNOWN, name: str = "partner") -> int:
    return import_known(list_name=name, verdict=verdict, lines=sha256s, actor="test", now=now)


def test_an_imported_file_is_found_by_its_keyed_hash_alone(make_item: Callable[..., Item], now: datetime) -> None:
    item = make_item()
    sha256 = digests_of(item)["sha256"]
    assert load(sha256.upper(), now=now) == 1
    assert verdicts_for([item.lookup]) == {item.lookup: [KnownIn("partner", "known")]}
    assert not KnownFile.objects.filter(lookup=sha256).exists()


def test_importing_twice_adds_nothing(now: datetime) -> None:
    assert load(ONE, TWO, ONE, now=now) == 2
    assert load(TWO, now=now) == 0


def test_two_lists_may_know_the_same_file(make_item: Callable[..., Item], now: datetime) -> None:
    item = make_item()
    sha256 = digests_of(item)["sha256"]
    load(sha256, now=now, name="b")
    load(sha256, now=now, name="a", verdict=Verdict.HARMLESS)
    assert verdicts_for([item.lookup])[item.lookup] == [KnownIn("a", "harmless"), KnownIn("b", "known")]


@pytest.mark.parametrize("bad", ["xyz", "0a" * 31, "0g" * 32])
def test_a_line_that_is_no_hash_refuses_the_whole_list_and_is_named(bad: str, now: datetime) -> None:
    with pytest.raises(LineRefused, match="Line 2 "):
        load(ONE, bad, now=now)
    assert not KnownFile.objects.exists()


def test_a_list_says_one_thing(now: datetime) -> None:
    load(ONE, now=now)
    with pytest.raises(LineRefused, match="says something else than harmless"):
        load(TWO, now=now, verdict=Verdict.HARMLESS)


@pytest.mark.parametrize("name", ["", "entries"])
def test_the_name_of_our_own_list_is_taken(name: str, now: datetime) -> None:
    with pytest.raises(LineRefused, match="cannot be named"):
        load(ONE, now=now, name=name)
