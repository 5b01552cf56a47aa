"""What the match service answers from: the streams that this process serves, and how fresh they are."""

import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from numpy.typing import NDArray

from openhotline.core.crypto import door_lookup
from openhotline.hashlists.models import Entry, StreamStage
from openhotline.hashlists.models.related import Related, make_ready
from openhotline.hashlists.models.served_list import ServedList
from openhotline.hashlists.queries.entries import published_version
from openhotline.hashlists.queries.own_canaries import NONE, OwnCanaries
from openhotline.hashlists.states import CRIMINAL, EntryState, HashKind, Stream, in_stage

# A database is asked for at least so many keys, all different, so that one hit or none is asked for in the same way.
AT_LEAST = 8
_NO_ROWS = tuple(f"-{at}" for at in range(1, AT_LEAST + 1))
_served: dict[tuple[Path, str], ServedList] = {}
_related: dict[tuple[Path, str], Related] = {}
# Asked once at every lookup, and so written out and given to the driver itself: to make SQL of querysets, or to pass
# Django's cursors, takes longer than the database that answers it. State and kinds stand in the text: SQLite plans a
# statement anew at each value that an index depends on. The hashes come first: a planner that knows no numbers would
# walk through all active entries, and to cross join is to keep the order in SQLite (in PostgreSQL it is any join). The
# last lines are the stages, under a hash that no row has.
_PUBLISHED = """
SELECT s.lookup, s.canonical, e.id, e.public_id, e.ai_involvement, e.outcome, e.category, e.told_state
FROM hashlists_servedhash s CROSS JOIN hashlists_entry e
WHERE e.id = s.entry_id AND e.state = '{state}' AND s.kind IN ({kinds}) AND s.lookup IN ({lookups})
UNION ALL SELECT '', '', percent, stream, '', '', '', '' FROM hashlists_streamstage
"""
# In the order of the model.
_COLUMNS = ("id", "public_id", "ai_involvement", "outcome", "category", "told_state")
_PICTURES = (HashKind.PDQ,)
_FILES = (HashKind.SHA256, HashKind.SHA1, HashKind.MD5)


@dataclass(frozen=True)
class Hit:
    """A query and an active entry of a stream; ``distance`` is 0 for an exact file.

    ``canonical``: which form of the entry's picture was hashed; empty where it was not kept, and of a file.
    """

    query: int
    entry: Entry
    stream: Stream
    distance: int
    canonical: str = ""


def served_folder() -> Path:
    """Return where index files and journals of the match service lie."""
    folder = Path(settings.VAR) / "index" / "members"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def served_streams() -> tuple[Stream, ...]:
    """Return the streams that this process answers for: all, or its shard."""
    return _streams(tuple(settings.MATCH_STREAMS), settings.EXPLOITATIVE_STREAM)


@lru_cache
def _streams(named: tuple[str, ...], exploitative: bool) -> tuple[Stream, ...]:  # noqa: FBT001 - a setting
    served = tuple(Stream) if exploitative else CRIMINAL
    return tuple(one for one in served if one in named or not named)


def served_list(stream: str) -> ServedList:
    """Return one stream as this process holds it."""
    found = _served.get((settings.VAR, stream))
    if found is None:
        found = _served.setdefault((settings.VAR, stream), ServedList(served_folder(), stream, settings.INDEX_MEMORY))
    return found


def look_once() -> None:
    """Search every stream of this process for nothing in particular, one and two, so that it is mapped and ready."""
    make_ready()
    for stream in served_streams():
        for many in (1, 2):
            served_list(stream).search(np.zeros((many, 32), np.uint8))


def related_of(member: str) -> Related:
    """Return the near queries of a member, by its outside id."""
    found = _related.get((settings.VAR, member))
    if found is None:
        folder = Path(settings.VAR) / "index" / "related"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = _related.setdefault((settings.VAR, member), Related(folder / member))
    return found


def hits_of_pictures(hashes: NDArray[np.uint8], streams: Sequence[str], mine: OwnCanaries = NONE) -> list[Hit]:
    """Return every match of pictures (n, 32) with an active entry of these streams, nearest first for each.

    ``mine``: canaries of who asks, which are found as entries are.
    """
    answering = [stream for stream in served_streams() if stream in streams]
    found = [found for stream in answering for found in served_list(stream).search(hashes)]
    rows, stages = _published({str(number) for _, number, _ in found}, _PICTURES)
    of = {int(number): (entry, stream, canonical) for number, canonical, entry, stream in rows}
    # An entry that moved stands in the journals of two streams, and for a moment in the one that it left alone: it is
    # told once, by the stream that it is in now.
    hits = {
        (query, number): Hit(query, of[number][0], of[number][1], distance, of[number][2])
        for query, number, distance in found
        if number in of and of[number][1] in streams
    }
    own = [
        Hit(query, one, one.stream, apart, mine.canonical[at])
        for query, at, apart in mine.near(hashes)
        if _answers(one := mine.entries[at], answering, stages)
    ]
    return sorted([*hits.values(), *own], key=lambda hit: (hit.query, hit.distance, hit.entry.pk))


def hits_of_files(hashes: Sequence[tuple[str, str]], streams: Sequence[str], mine: OwnCanaries = NONE) -> list[Hit]:
    """Return every match of files, each given as kind and hash in hex, with an active entry of these streams.

    ``mine``: as for pictures.
    """
    wanted: dict[str, list[int]] = {}
    for query, (kind, value) in enumerate(hashes):
        wanted.setdefault(door_lookup(f"served {kind}", value), []).append(query)
    answering = set(served_streams()) & set(streams)
    rows, stages = _published(set(wanted), _FILES)
    hits = [
        Hit(query, entry, stream, 0)
        for lookup, _, entry, stream in rows
        if stream in answering
        for query in wanted[lookup]
    ]
    own = [(query, mine.files.get((str(kind), value))) for query, (kind, value) in enumerate(hashes)]
    hits += [Hit(query, one, one.stream, 0) for query, one in own if one and _answers(one, answering, stages)]
    return sorted(hits, key=lambda hit: (hit.query, hit.entry.pk))


def _rows(kinds: tuple[HashKind, ...], lookups: set[str]) -> list[tuple[Any, ...]]:
    """Return the lines of `_PUBLISHED`; the text is one of few, so that a driver has it ready."""
    size = AT_LEAST
    while size < len(lookups):
        size *= 2
    there = connections[DEFAULT_DB_ALIAS]
    there.ensure_connection()
    with there.wrap_database_errors:
        asked = [*lookups, *_NO_ROWS[: size - len(lookups)], *repeat("", size - len(lookups) - len(_NO_ROWS))]
        found: list[tuple[Any, ...]] = there.connection.execute(_text(there.vendor, kinds, size), asked).fetchall()
    return found


@lru_cache
def _text(vendor: str, kinds: tuple[HashKind, ...], size: int) -> str:
    named, mark = ", ".join(f"'{one.value}'" for one in kinds), "?" if vendor == "sqlite" else "%s"
    return _PUBLISHED.format(state=EntryState.ACTIVE.value, kinds=named, lookups=", ".join([mark] * size))


def _answers(one: Entry, answering: Collection[str], stages: Mapping[str, int]) -> bool:
    return one.stream in answering and in_stage(one.public_id, stages.get(one.stream, 100))


def _published(
    lookups: set[str], kinds: tuple[HashKind, ...]
) -> tuple[list[tuple[str, str, Entry, Stream]], dict[str, int]]:
    """Return hash, form, entry and stream of each active entry whose stage is reached; and the stages."""
    rows = _rows(kinds, lookups)
    stages = {stream: percent for lookup, _, percent, stream, *_ in rows if not lookup}
    found = []
    for lookup, canonical, *row in rows:
        if lookup:
            entry = Entry.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row)
            stream = entry.stream
            if in_stage(entry.public_id, stages.get(stream, 100)):
                found.append((lookup, canonical, entry, stream))
    return found, stages


@dataclass(frozen=True)
class Freshness:
    """How fresh the match service is: the version it serves and since when, the one that is out, and rows a stream."""

    version: int | None
    served_at: datetime | None
    published: int | None
    sizes: dict[str, int]

    @property
    def stale(self) -> bool:
        """Whether a version is out that is not served."""
        return self.published is not None and (self.version is None or self.version < self.published)


def freshness() -> Freshness:
    """Return how fresh the match service of this machine is."""
    try:
        told = json.loads((served_folder() / "served.json").read_text())
    except FileNotFoundError:
        told = {}
    for stream in served_streams():
        served_list(stream).catch_up()
    at = told.get("at")
    return Freshness(
        version=told.get("version"),
        served_at=datetime.fromisoformat(at) if at else None,
        published=published_version(),
        sizes={stream: len(served_list(stream)) for stream in served_streams()},
    )


def note_served(version: int, now: datetime) -> None:
    """Keep which version is served, and since when."""
    path = served_folder() / "served.json"
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(json.dumps({"version": version, "at": now.isoformat()}))
    part.replace(path)


@dataclass(frozen=True)
class Published:
    """A published entry that is answered for, and its stream."""

    entry: Entry
    stream: Stream


def published_like(prefix: str, mine: OwnCanaries = NONE) -> Published | None:
    """Return the active, published entry whose outside id begins so; None when there is none, or more.

    ``mine``: as for pictures.
    """
    there = Entry.objects.filter(public_id__startswith=prefix, released_in__isnull=False, state=EntryState.ACTIVE)
    rows = [*there, *filter(None, [mine.named(prefix)])]
    found = [Published(row, row.stream) for row in rows if in_stage(row.public_id, stage_of(row.stream))]
    return found[0] if len(found) == 1 else None


def stage_of(stream: str) -> int:
    """Return for how much of a stream the match service answers, in percent."""
    percent = StreamStage.objects.filter(stream=stream).values_list("percent", flat=True).first()
    return 100 if percent is None else percent
