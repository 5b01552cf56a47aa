"""Somebody gives the hotline a list of known files."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from openhotline.core.models import Event
from openhotline.evidence.models import Item
from openhotline.evidence.queries import digests_of
from openhotline.hashlists.errors import LineRefused
from openhotline.hashlists.models import KnownFile, KnownList, KnownPicture
from openhotline.hashlists.queries import KnownIn, verdicts_for
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.states import HashKind, Sharing, Verdict

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


@pytest.mark.parametrize(
    ("kind", "line"), [(HashKind.SHA1, "0a" * 20), (HashKind.MD5, "0a" * 16), (HashKind.PDQ, "0a" * 32 + ",77")]
)
def test_each_kind_of_hash_has_its_length(kind: HashKind, line: str, now: datetime) -> None:
    def load_it(text: str) -> int:
        return import_known(list_name="x", verdict=Verdict.KNOWN, lines=[text], kind=kind, actor="test", now=now)

    assert (load_it(line), load_it(line.upper())) == (1, 0)
    with pytest.raises(LineRefused, match=f"of the kind {kind}"):
        load_it(line[2:])


@pytest.mark.parametrize("quality", ["101", "-1", "x", "5.0"])
def test_a_quality_is_a_number_to_a_hundred(quality: str, now: datetime) -> None:
    lines = ["0a" * 32 + f",{quality}"]
    with pytest.raises(LineRefused, match="Line 1 says that the quality is"):
        import_known(list_name="x", verdict=Verdict.KNOWN, lines=lines, kind=HashKind.PDQ, actor="test", now=now)


def test_of_a_picture_the_hash_is_kept_sealed_with_its_quality(now: datetime) -> None:
    import_known(
        list_name="x", verdict=Verdict.KNOWN, lines=["0a" * 32 + ",77"], kind=HashKind.PDQ, actor="test", now=now
    )
    row = KnownPicture.objects.get()
    assert (row.pdq, row.quality, row.known_list.name) == ("0a" * 32, 77, "x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pdq FROM hashlists_knownpicture")
        assert b"0a0a" not in bytes(cursor.fetchone()[0])


def test_what_is_new_is_announced_and_what_was_there_is_not(now: datetime) -> None:
    load(ONE, now=now)
    load(ONE, TWO, now=now)
    ids = list(KnownFile.objects.order_by("pk").values_list("pk", flat=True))
    assert list(Event.objects.order_by("pk").values_list("ids", flat=True)) == [[ids[0]], [ids[1]]]


@pytest.mark.parametrize("bad", ["xyz", "0a" * 31, "0g" * 32])
def test_a_line_that_is_no_hash_refuses_the_whole_list_and_is_named(bad: str, now: datetime) -> None:
    with pytest.raises(LineRefused, match="Line 2 "):
        load(ONE, bad, now=now)
    assert not KnownFile.objects.exists()


def test_a_list_says_one_thing(now: datetime) -> None:
    load(ONE, now=now)
    with pytest.raises(LineRefused, match="says something else than harmless"):
        load(TWO, now=now, verdict=Verdict.HARMLESS)


def test_who_gave_a_list_and_whether_it_may_be_passed_on_are_kept_with_it(now: datetime) -> None:
    """Said once they stay, also when more of the list comes without a word on either."""
    words = {"list_name": "partner", "verdict": Verdict.KNOWN, "actor": "test", "now": now}
    import_known(lines=[ONE], source="Example Partner", sharing=Sharing.MEMBERS_ONLY, **words)  # type: ignore[arg-type]
    import_known(lines=[TWO], **words)  # type: ignore[arg-type]
    known = KnownList.objects.get()
    assert (known.source, known.sharing) == ("Example Partner", Sharing.MEMBERS_ONLY)


@pytest.mark.parametrize("name", ["", "entries"])
def test_the_name_of_our_own_list_is_taken(name: str, now: datetime) -> None:
    with pytest.raises(LineRefused, match="cannot be named"):
        load(ONE, now=now, name=name)
