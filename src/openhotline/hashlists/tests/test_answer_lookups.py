"""What a member is told of hashes, and what is kept of its asking."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import TooMany
from openhotline.evidence.models import Item
from openhotline.evidence.queries import digests_of
from openhotline.hashlists.models import Entry, Member, QueryFlag, Release
from openhotline.hashlists.models.related import Related
from openhotline.hashlists.models.related_kernels import place_of
from openhotline.hashlists.queries.members import Asker
from openhotline.hashlists.services.answer_lookups import Asked, answer_lookups
from openhotline.hashlists.services.set_stage import set_stage
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import HashKind, Stream, WithdrawalReason
from openhotline.hashlists.tests.asking import apart

pytestmark = pytest.mark.django_db
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
Publish = Callable[..., Release]


@pytest.fixture
def asker(make_member: Callable[..., Member]) -> Asker:
    return Asker(make_member(see_ids=True), "key_test")


def ask(asker: Asker, now: datetime, *hashes: str, quality: int | None = 100) -> list[bool]:
    """Return for each picture whether it is on the list."""
    asked = [Asked(HashKind.PDQ, one, quality) for one in hashes]
    return [bool(one.hits) for one in answer_lookups(member=asker.member, actor=asker.key, asked=asked, now=now)]


def test_what_is_within_31_bits_of_a_published_entry_is_found(
    make_entry: Callable[..., Entry], publish: Publish, asker: Asker, now: datetime
) -> None:
    make_entry(pdq=PDQ)
    assert ask(asker, now, PDQ) == [False]
    publish()
    assert ask(asker, now, PDQ, apart(PDQ, 31), apart(PDQ, 32), "0" * 64) == [True, True, False, False]


@pytest.mark.parametrize("copies", [1, 2, 64])
def test_a_list_of_identical_entries_is_found_whole(
    make_entry: Callable[..., Entry], publish: Publish, asker: Asker, now: datetime, copies: int
) -> None:
    for _ in range(copies):
        make_entry(pdq=PDQ)
    publish()
    (told,) = answer_lookups(member=asker.member, actor=asker.key, asked=[Asked(HashKind.PDQ, PDQ, 100)], now=now)
    assert len({hit.entry.pk for hit in told.hits}) == copies


@pytest.mark.parametrize("kind", ["sha256", "sha1", "md5"])
def test_a_file_is_found_by_each_of_its_hashes(
    make_item: Callable[..., Item],
    make_entry: Callable[..., Entry],
    publish: Publish,
    asker: Asker,
    now: datetime,
    kind: str,
) -> None:
    item = make_item()
    make_entry(item)
    publish()
    asked = [Asked(HashKind(kind), digests_of(item)[kind]), Asked(HashKind(kind), "0" * len(digests_of(item)[kind]))]
    assert [bool(one.hits) for one in answer_lookups(member=asker.member, actor=asker.key, asked=asked, now=now)] == [
        True,
        False,
    ]


def test_an_unclear_hash_is_not_answered_by_no(
    make_entry: Callable[..., Entry], publish: Publish, asker: Asker, now: datetime
) -> None:
    make_entry(pdq=PDQ)
    publish()
    (told,) = answer_lookups(member=asker.member, actor=asker.key, asked=[Asked(HashKind.PDQ, PDQ, 49)], now=now)
    assert (told.unclear, told.hits) == (True, ())


def test_a_withdrawn_entry_is_never_found_again(
    make_entry: Callable[..., Entry], publish: Publish, asker: Asker, senior: Person, now: datetime
) -> None:
    entry = make_entry(pdq=PDQ)
    publish()
    withdraw_entry(entry=entry.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    assert ask(asker, now, PDQ) == [False]


def test_a_stream_that_is_not_the_members_is_not_asked(
    make_entry: Callable[..., Entry], publish: Publish, make_member: Callable[..., Member], now: datetime
) -> None:
    make_entry(pdq=PDQ)  # as the fixture has it, wholly synthetic
    publish()
    other = Asker(make_member("Another Platform", streams=(Stream.ORDINARY,)), "key_test")
    assert ask(other, now, PDQ) == [False]


def test_a_stream_that_is_tried_answers_for_a_share_always_the_same(
    make_entry: Callable[..., Entry], publish: Publish, asker: Asker, senior: Person, now: datetime
) -> None:
    make_entry(pdq=PDQ)
    publish()
    set_stage(stream=Stream.GENERATIVE_AI, percent=0, actor=senior, now=now)
    assert ask(asker, now, PDQ) == [False]
    set_stage(stream=Stream.GENERATIVE_AI, percent=100, actor=senior, now=now)
    assert ask(asker, now, PDQ) == [True]


def test_each_asking_is_logged_with_counts_and_no_hash(asker: Asker, now: datetime) -> None:
    ask(asker, now, PDQ, "0" * 64)
    found = Record.objects.get(action="list_asked")
    assert (found.actor, found.subject) == ("key_test", asker.member.public_id)
    assert found.detail == {"requests": 1, "lines": 2, "found": 0, "unclear": 0, "ahead": 0, "back": 0}


def test_a_day_has_a_budget(make_member: Callable[..., Member], now: datetime) -> None:
    asker = Asker(make_member("Small Platform", daily=3), "key_test")
    ask(asker, now, PDQ, PDQ)
    with pytest.raises(TooMany, match="3 hashes a day"):
        ask(asker, now, PDQ, PDQ)
    assert ask(asker, now + timedelta(days=1), PDQ) == [False]


def climb(asker: Asker, now: datetime, steps: int) -> None:
    """Feel for the edge of a match: change a few bits, ask, and go on from there."""
    here = int(PDQ, 16)
    for _ in range(steps):
        tried = here
        for _ in range(3):
            tried ^= 1 << secrets.randbelow(256)
        if (tried ^ int(PDQ, 16)).bit_count() <= 34:
            here = tried
        ask(asker, now, f"{tried:064x}")


def test_feeling_for_the_edge_of_a_match_is_flagged_within_200_queries(asker: Asker, now: datetime) -> None:
    climb(asker, now, 200)
    assert QueryFlag.objects.get().member == asker.member
    assert Record.objects.filter(action="queries_flagged").count() == 1


def test_planted_bug_when_only_equal_queries_were_related_nobody_would_be_flagged(
    asker: Asker, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhotline.hashlists.models.related.NEAR", 0)
    climb(asker, now, 200)
    assert not QueryFlag.objects.exists()


def test_different_pictures_and_one_picture_again_and_again_are_not_flagged(asker: Asker, now: datetime) -> None:
    for _ in range(20):
        ask(asker, now, *[secrets.token_hex(32) for _ in range(100)], *[PDQ] * 100)
    assert not QueryFlag.objects.exists()


def test_a_group_survives_noise_between_its_queries(tmp_path: Path) -> None:
    related = Related(tmp_path / "one")
    rng, found = np.random.default_rng(7), []
    base = rng.integers(0, 256, 32, np.uint8)
    for _ in range(150):
        near = base.copy()
        near[rng.integers(0, 32, 4)] ^= np.uint8(1) << rng.integers(0, 8, 4, np.uint8)
        found += related.note(np.vstack([rng.integers(0, 256, (160, 32), np.uint8), near[None]]), day=1)
    assert len(found) == 1


def sharing_a_place(tmp_path: Path) -> list[int]:
    """Choose 150 near hashes that share a place in one file, and ask for them in another; return what is flagged."""
    known, other = Related(tmp_path / "known"), Related(tmp_path / "other")
    rng = np.random.default_rng(3)
    near = np.repeat(rng.integers(0, 256, (1, 32), np.uint8), 150_000, axis=0)
    near[:, :4] = rng.integers(0, 256, (150_000, 4), np.uint8)
    chosen = near[places(known, near) == 7][:120]
    assert len(chosen) == 120
    return [*other.note(near[:1], day=1), *other.note(chosen, day=1)]


def places(related: Related, hashes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the place of each hash by this file's secret words."""
    related.note(hashes[:1], day=1)
    assert related._mapped is not None
    head = related._mapped[1].head
    return np.array([int(place_of(head, *one)) for one in hashes.view("<u8")])


def test_queries_that_are_chosen_to_share_a_place_elsewhere_are_flagged(tmp_path: Path) -> None:
    """Who knows how places are given, and not the day's secret words, cannot keep near queries apart from the count."""
    assert len(sharing_a_place(tmp_path)) == 1


def test_planted_bug_with_words_that_everybody_knows_they_would_not_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the words the same in every file, 120 near queries could count as one."""
    monkeypatch.setattr("openhotline.hashlists.models.related.secrets.randbits", lambda _: 5)
    assert sharing_a_place(tmp_path) == []
