"""What is published is found by every process at its next search, without a rebuild or a restart."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from django.db import connection

from openhotline.core.nearby import hash_of
from openhotline.hashlists.models import Entry, Release, ServedHash
from openhotline.hashlists.models import served_list as module
from openhotline.hashlists.models.served_list import (
    RECORD,
    ServedList,
    append,
    begin_anew,
    compact,
    journal_path,
    newest_index,
    number_of,
)
from openhotline.hashlists.queries import freshness
from openhotline.hashlists.queries import served as lookups
from openhotline.hashlists.queries.served import AT_LEAST, hits_of_pictures, served_folder
from openhotline.hashlists.services.serve_release import serve_release
from openhotline.hashlists.states import HashKind, Stream

PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"


@pytest.mark.django_db
def test_a_release_is_served_once(
    make_entry: Callable[..., Entry], release: Callable[[], Release], now: datetime
) -> None:
    make_entry(pdq=PDQ)
    release()
    assert freshness().stale
    assert [serve_release(version=1, actor="step:test", now=now) for _ in range(2)] == [1, 0]
    assert (freshness().stale, freshness().sizes[Stream.GENERATIVE_AI]) == (False, 1)
    assert ServedHash.objects.count() == 4


@pytest.mark.django_db
def test_after_a_death_between_journal_and_rows_nothing_is_doubled(
    make_entry: Callable[..., Entry], release: Callable[[], Release], now: datetime
) -> None:
    entry = make_entry(pdq=PDQ)
    release()
    append(served_folder(), Stream.GENERATIVE_AI, np.array([number_of(entry.public_id)]), hash_of(PDQ)[None])
    serve_release(version=1, actor="step:test", now=now)
    assert freshness().sizes[Stream.GENERATIVE_AI] == 1


@pytest.mark.django_db
def test_what_an_older_database_does_not_know_is_nobodys(
    make_entry: Callable[..., Entry], publish: Callable[..., Release]
) -> None:
    make_entry(pdq=PDQ)
    publish()
    ServedHash.objects.all().delete()
    assert hits_of_pictures(hash_of(PDQ)[None], tuple(Stream)) == []


@pytest.mark.django_db
def test_it_can_be_built_again_from_nothing(
    make_entry: Callable[..., Entry], publish: Callable[..., Release], now: datetime
) -> None:
    make_entry(pdq=PDQ)
    publish()
    assert serve_release(version=1, actor="step:test", now=now, anew=True) == 1
    assert (freshness().sizes[Stream.GENERATIVE_AI], ServedHash.objects.count()) == (1, 4)


@pytest.mark.django_db
def test_a_process_answers_for_its_shard_alone(
    make_entry: Callable[..., Entry], publish: Callable[..., Release], settings: object
) -> None:
    make_entry(pdq=PDQ)
    publish()
    settings.MATCH_STREAMS = ("ordinary",)  # type: ignore[attr-defined] # pytest-django's
    assert freshness().sizes == {"ordinary": 0}


def rows(count: int, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(first)
    return np.arange(first, first + count, dtype=np.int64), rng.integers(0, 256, (count, 32), np.uint8)


def test_what_another_process_appends_is_found_by_the_next_search(tmp_path: Path) -> None:
    served, (keys, hashes) = ServedList(tmp_path, "ordinary"), rows(3)
    assert served.search(hashes) == []
    append(tmp_path, "ordinary", keys, hashes)
    assert [key for _, key, _ in served.search(hashes)] == [0, 1, 2]


def test_half_a_record_is_not_read_and_is_written_over(tmp_path: Path) -> None:
    keys, hashes = rows(2)
    append(tmp_path, "ordinary", keys[:1], hashes[:1])
    path = journal_path(tmp_path, "ordinary")
    path.write_bytes(path.read_bytes() + b"x" * 17)
    served = ServedList(tmp_path, "ordinary")
    assert len(served.search(hashes)) == 1
    append(tmp_path, "ordinary", keys, hashes)
    assert (len(served.search(hashes)), path.stat().st_size) == (2, 2 * RECORD.itemsize)


def test_an_index_file_takes_the_place_of_what_was_read_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPACT_AT", 50)
    keys, hashes = rows(60)
    before = ServedList(tmp_path, "ordinary")
    append(tmp_path, "ordinary", keys[:40], hashes[:40])
    assert not compact(tmp_path, "ordinary")
    assert len(before.search(hashes)) == 40
    append(tmp_path, "ordinary", keys[40:], hashes[40:])
    assert compact(tmp_path, "ordinary")
    more, others = rows(60, first=60)
    append(tmp_path, "ordinary", more, others)
    for served in (before, ServedList(tmp_path, "ordinary")):
        assert len(served.search(np.vstack([hashes, others]))) == 120
    assert compact(tmp_path, "ordinary")
    assert newest_index(tmp_path, "ordinary")[0] == 120
    assert len(list(tmp_path.glob("*.index"))) == 1


def test_a_journal_that_was_begun_anew_is_read_anew(tmp_path: Path) -> None:
    served, (keys, hashes) = ServedList(tmp_path, "ordinary"), rows(3)
    append(tmp_path, "ordinary", keys, hashes)
    served.search(hashes)
    begin_anew(tmp_path)
    append(tmp_path, "ordinary", keys + 7, hashes[::-1].copy())
    assert [key for _, key, _ in served.search(hashes[:1])] == [9]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the sizes of tables")
@pytest.mark.parametrize("many", [0, 9, 100])
def test_a_lookup_goes_by_hashes_and_not_through_all_entries(many: int) -> None:
    """However long the list is, the database begins with the hashes that it is asked for."""
    assert plan_of(lookups._text("sqlite", (HashKind.PDQ,), many or AT_LEAST))[0].startswith("SEARCH s USING INDEX")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="as above")
def test_planted_bug_a_join_in_any_order_begins_with_all_active_entries() -> None:
    """Were the order left to a planner without numbers, a lookup would take the longer the more is listed."""
    text = lookups._text("sqlite", (HashKind.PDQ,), AT_LEAST).replace("CROSS JOIN", "JOIN")
    assert plan_of(text)[0].startswith("SEARCH e USING INDEX")


def plan_of(text: str) -> list[str]:
    """Return the steps by which SQLite would answer, without the compound around them."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {text}".replace("?", "''"))
        return [row[3] for row in cursor.fetchall() if row[3].startswith("SEARCH")]


@pytest.mark.django_db
@pytest.mark.parametrize("found", [0, 1, 7, 8, 9, 40])
def test_the_database_is_asked_for_as_many_different_hashes_whatever_was_found(
    found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No hit, one or eight are one kind of question: up to eight keys, all different, and twice as many after that."""
    asked: list[list[str]] = []
    monkeypatch.setattr(lookups, "connections", {"default": Recorded(asked)})
    lookups._rows((HashKind.PDQ,), {str(at) for at in range(found)})
    (keys,) = asked
    assert (len(keys), len(keys) >= AT_LEAST) == (next(n for n in (8, 16, 64) if n >= found), True)
    assert len(set(keys[:AT_LEAST])) == AT_LEAST


class Recorded:
    """A connection of Django's and the driver's behind it, as far as a lookup sees them; keeps what is asked for."""

    vendor = "sqlite"

    def __init__(self, asked: list[list[str]]) -> None:
        self.asked, self.connection, self.wrap_database_errors = asked, self, nullcontext()

    def ensure_connection(self) -> None:
        """Be there."""

    def execute(self, _text: str, asked: list[str]) -> "Recorded":
        """Keep the keys."""
        self.asked.append(asked)
        return self

    def fetchall(self) -> list[tuple[str, ...]]:
        """Find nothing."""
        return []
