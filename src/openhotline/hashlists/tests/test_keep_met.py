"""How often what is listed was met: together, later, and of nobody."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from openhotline.audit.models import Record
from openhotline.core.clock import now as present
from openhotline.hashlists.models import Entry, EntryMet, Member, Release
from openhotline.hashlists.models.entry_met import KEPT_TOGETHER, Meetings
from openhotline.hashlists.policies import met_in_words
from openhotline.hashlists.services import answer_lookups as answering
from openhotline.hashlists.services import keep_met as operation
from openhotline.hashlists.services.answer_lookups import Asked, answer_lookups
from openhotline.hashlists.services.keep_met import keep_met
from openhotline.hashlists.states import HashKind, MemberPurpose

pytestmark = pytest.mark.django_db
PDQ, OTHER = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22", "0f" * 32
MakeMember = Callable[..., Member]
Publish = Callable[..., Release]


@pytest.fixture(autouse=True)
def nothing_met_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that begins."""
    fresh = Meetings()
    monkeypatch.setattr(operation, "meetings", fresh)
    monkeypatch.setattr(answering, "meetings", fresh)
    yield
    assert not fresh.take(present(), all_of_them=True), "everything was written"


@pytest.fixture
def entry(make_entry: Callable[..., Entry], publish: Publish) -> Entry:
    """A published entry."""
    row = make_entry(pdq=PDQ)
    publish()
    return row


def ask(member: Member, now: datetime, *hashes: str) -> None:
    """Ask for pictures in one request."""
    asked = [Asked(HashKind.PDQ, one, 100) for one in hashes]
    answer_lookups(member=member, actor="key_test", asked=asked, now=now)


def kept() -> list[tuple[int, int]]:
    """Return what is kept: entry and times, whatever the day."""
    return list(EntryMet.objects.order_by("day").values_list("entry", "times"))


def test_requests_that_met_an_entry_are_counted_by_day_for_all_members_together(
    entry: Entry, make_member: MakeMember, now: datetime
) -> None:
    """Twice in one request is one; what is not listed is nothing; a later process adds to what was written."""
    one, other = make_member("One"), make_member("Other")
    ask(one, now, PDQ, PDQ, OTHER)
    ask(other, now, PDQ)
    ask(one, now, OTHER)
    assert keep_met(actor="step:members", now=now, all_of_them=True) == 1
    ask(other, now, PDQ)
    ask(other, now + timedelta(days=1), PDQ)
    keep_met(actor="step:members", now=now, all_of_them=True)
    assert kept() == [(entry.pk, 3), (entry.pk, 1)]


@pytest.mark.parametrize("purpose", [one for one in MemberPurpose if one != MemberPurpose.UPLOADS])
def test_only_members_that_stop_uploads_count(
    entry: Entry, make_member: MakeMember, now: datetime, purpose: MemberPurpose
) -> None:
    """Who searches what its customers store, another hotline and the police stop no upload."""
    member = make_member()
    member.purpose = purpose
    ask(member, now, PDQ)
    assert keep_met(actor="step:members", now=now, all_of_them=True) == 0


def test_nothing_kept_says_who_met_what(entry: Entry, make_member: MakeMember, now: datetime) -> None:
    """The row has no member, and the log names neither a member nor an entry."""
    member = make_member()
    ask(member, now, PDQ)
    keep_met(actor="step:members", now=now, all_of_them=True)
    assert {field.name for field in EntryMet._meta.fields} == {"id", "entry", "day", "times"}
    row = Record.objects.get(action="met_counted")
    assert (row.actor, row.subject, row.detail) == ("step:members", "entries", {"entries": 1})
    assert entry.public_id not in json.dumps([row.subject, row.detail])


def test_no_answer_waits_for_it(entry: Entry, make_member: MakeMember, now: datetime) -> None:
    """What an answer met is written later, with that of all others, so that no answer tells what it was."""
    ask(make_member(), now, PDQ)
    assert kept() == []
    assert keep_met(actor="step:members", now=now + KEPT_TOGETHER / 2) == 0
    assert keep_met(actor="step:members", now=now + KEPT_TOGETHER) == 1


def test_a_canary_is_no_entry_and_is_held_like_one_until_it_is_written(now: datetime) -> None:
    """Who was told of its own canary is answered as of an entry; what is written leaves it out."""
    operation.meetings.note(["ent_canary"], now)
    assert keep_met(actor="step:members", now=now, all_of_them=True) == 0
    assert not Record.objects.filter(action="met_counted").exists()


def test_what_a_database_did_not_take_is_written_the_next_time(
    entry: Entry, make_member: MakeMember, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost, and nothing is counted twice."""
    ask(make_member(), now, PDQ)

    def away(_rows: object) -> None:
        raise DatabaseError("the connection is closed")

    with monkeypatch.context() as broken:
        broken.setattr(operation, "_add", away)
        with pytest.raises(DatabaseError):
            keep_met(actor="step:members", now=now, all_of_them=True)
    assert keep_met(actor="step:members", now=now, all_of_them=True) == 1
    assert kept() == [(entry.pk, 1)]


@given(st.integers(0, 100), st.integers(0, 10_000))
def test_words_tell_no_small_number_and_of_no_few_pictures(entries: int, times: int) -> None:
    """Of fewer than five pictures nothing is told; of more only tens, and never more than there were."""
    words = met_in_words(entries, times)
    numbers = [int(one) for one in words.replace(",", "").split() if one.isdigit()]
    if entries < 5:
        assert words == met_in_words(0, 0)
    elif times < 10:
        assert words == met_in_words(5, 0)
    else:
        assert numbers == [times // 10 * 10]


def test_planted_bug_words_with_the_number_itself_would_be_seen() -> None:
    """Two days apart, the exact number would tell of each single meeting."""
    exact = [f"at least {times} times" for times in (41, 42)]
    assert len(set(exact)) == 2
    assert len({met_in_words(9, times) for times in (41, 42)}) == 1
