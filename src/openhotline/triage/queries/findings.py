"""What lists say of items, exactly and nearly, and what the rules may see of them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.queries import is_unseen
from openhotline.evidence.states import ItemState
from openhotline.hashlists.queries import (
    OWN_LIST,
    Picture,
    known_lists,
    near_entries,
    near_known,
    verdicts_for,
)
from openhotline.hashlists.states import HashKind, Verdict
from openhotline.intake.states import Lane
from openhotline.triage.models import HeldEntry, Match, Rules, Seen, SharedFrames
from openhotline.triage.queries.videos import shared_frames
from openhotline.triage.states import LEAST_QUALITY, SILENT

KINDS = {HashKind.SHA256: Match.FILE, HashKind.SHA1: Match.SHA1, HashKind.MD5: Match.MD5}
Line = tuple[str, str]
"""A list's name and which line of it."""
ENTRY_LENGTH = 32
MOST_OF_IT = 0.75
"""Of a video's frames, that have to look like known ones for the video to count as near what is known."""


@dataclass(frozen=True)
class Found:
    """One match of an item, as it is to be kept; ``altered_real``: with an entry that is an altered real picture.

    ``shared`` and ``places`` are of a video: what it shares with the entry, and which of its frames do.
    """

    item_id: int
    list_name: str
    entry: str
    kind: str
    verdict: str
    distance: int = 0
    turn: int = 0
    altered_real: bool = False
    shared: SharedFrames | None = None
    places: frozenset[int] = frozenset()

    @property
    def line(self) -> Line:
        """The entry that matches; what matches by SHA-256 is one file and can be no flood."""
        return self.list_name, self.entry

    def row(self, now: datetime) -> Match:
        """Return the row that keeps it."""
        told = {name: value for name, value in vars(self).items() if name not in {"altered_real", "shared", "places"}}
        return Match(**told, frames=self.shared.kept() if self.shared else None, found_at=now)


@dataclass(frozen=True)
class Beside:
    """What is known of an item beside its file."""

    urgent: bool
    places: int
    first_seen: datetime


def found_for(items: Sequence[Item], prints: Mapping[int, Mapping[str, str]]) -> list[Found]:
    """Return every match of items with every list; ``prints`` are the keyed hashes of SHA-1 and MD5 by item."""
    # Different files can have one MD5, made so on purpose: a line of a list may then mean any of them.
    asked: dict[str, list[int]] = {item.lookup: [item.pk] for item in items}
    for item, kinds in prints.items():
        for lookup in kinds.values():
            asked.setdefault(lookup, []).append(item)
    exact = [
        Found(
            item,
            line.list_name,
            "" if line.kind == HashKind.SHA256 else lookup[:ENTRY_LENGTH],
            KINDS[HashKind(line.kind)],
            line.verdict,
        )
        for lookup, lines in verdicts_for(list(asked)).items()
        for line in lines
        for item in asked[lookup]
    ]
    return exact + _near(items) + _frames(items)


def _frames(items: Sequence[Item]) -> list[Found]:
    # A video has no hash of its own; neither has what could not be read, which then has no frames either.
    moving = [item.pk for item in items if item.pdq is None and item.state == ItemState.EXAMINED]
    return [
        Found(
            one.item_id,
            one.list_name,
            one.entry,
            Match.FRAMES,
            one.verdict,
            one.distance,
            altered_real=one.altered_real,
            shared=one.shared,
            places=one.places,
        )
        for one in shared_frames(moving)
    ]


def _near(items: Sequence[Item]) -> list[Found]:
    clear = [item for item in items if item.pdq is not None and (item.quality or 0) >= LEAST_QUALITY]
    ours = near_entries({item.pk: item.pdq for item in clear})
    found = [
        Found(
            one.item_id,
            OWN_LIST,
            one.entry,
            Match.NEAR,
            Verdict.KNOWN,
            one.distance,
            one.turn,
            altered_real=one.altered_real,
        )
        for one in ours
    ]
    theirs = near_known({item.pk: Picture(str(item.pdq), item.quality or 0) for item in clear})
    return found + [
        Found(one.item_id, one.list_name, one.entry, Match.NEAR, one.verdict, one.distance, one.turn) for one in theirs
    ]


def floods(found: Iterable[Found], rules: Rules, now: datetime) -> dict[Line, tuple[int, int]]:
    """Return the entries that match too much with these matches, as {line: (items within the hours, limit)}.

    Those on which somebody has decided, or is to decide, are left out.
    """
    there = [(one.item_id, *one.line) for one in found if one.entry]
    if not there:
        return {}
    limits = {row.name: row.flood_after or rules.flood_imported for row in known_lists()} | {OWN_LIST: rules.flood_own}
    entries = {entry for _, _, entry in there}
    before = Match.objects.filter(entry__in=entries)
    known = set(before.filter(item__in={item for item, _, _ in there}).values_list("item_id", "list_name", "entry"))
    counted = Counter((name, entry) for item, name, entry in set(there) - known)
    # What was matched long ago and is matched again is no flood, so it counts by when it was found first.
    recent = before.filter(found_at__gt=now - timedelta(hours=rules.flood_hours))
    many_each = recent.order_by().values_list("list_name", "entry").annotate(many=Count("item", distinct=True))
    for name, entry, many in many_each:
        counted[name, entry] += many
    decided = set(HeldEntry.objects.filter(entry__in=entries).values_list("list_name", "entry"))
    return {
        line: (many, limits.get(line[0], rules.flood_imported))
        for line, many in counted.items()
        if many > limits.get(line[0], rules.flood_imported) and line not in decided
    }


def silent_lines(entries: Collection[str]) -> set[Line]:
    """Return those lines whose matches decide nothing, as they are held or were retired."""
    rows = HeldEntry.objects.filter(entry__in=entries, state__in=SILENT)
    return set(rows.values_list("list_name", "entry"))


def beside(items: Sequence[Item]) -> dict[int, Beside]:
    """Return what is known of items beside their files; items that were never sighted are left out."""
    rows = Sighting.objects.filter(item__in=items).values("item_id").annotate(
        places=Count("pk"), first=Min("seen_at"), urgent=Count("pk", filter=Q(report__lane=Lane.URGENT))
    )  # fmt: skip
    return {row["item_id"]: Beside(bool(row["urgent"]), row["places"], row["first"]) for row in rows.order_by()}


def seen_of(item: Item, found: Iterable[Found], silent: set[Line], around: Beside | None, recent: datetime) -> Seen:
    """Return what the rules may see of an item; ``recent``: since when a first sighting is."""
    acting = [one for one in found if one.line not in silent]
    near = [one for one in acting if one.kind not in Match.EXACT and one.verdict == Verdict.KNOWN]
    return Seen(
        readable=item.state == ItemState.EXAMINED,
        unseen=is_unseen(item),
        shortest_side=min(item.width or 0, item.height or 0),
        verdicts=frozenset(one.verdict for one in acting if one.kind in Match.EXACT),
        real_basis=item.real_basis,
        suspects_altered_real=bool(item.suspects_altered_real),
        urgent=bool(around and around.urgent),
        near_known=any(one.kind == Match.NEAR for one in near) or _mostly(near),
        near_altered_real=any(one.altered_real for one in near),
        recent=bool(around and around.first_seen > recent),
        places=around.places if around else 1,
    )


def _mostly(near: Sequence[Found]) -> bool:
    """Say whether most of a video is near what is known. A known part leaves the rest, with whoever is in it."""
    of = max((one.shared.of for one in near if one.shared), default=0)
    alike = frozenset[int]().union(*(one.places for one in near))
    return bool(of) and len(alike) >= MOST_OF_IT * of
