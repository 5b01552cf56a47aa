"""Reading what lists say of files and pictures: exactly, and nearly by each list's own rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hashmatch import turned
from openhotline.core.nearby import Nearby, Row, hash_of
from openhotline.hashlists.errors import ListMissing
from openhotline.hashlists.models import Entry, KnownFile, KnownImport, KnownList, KnownPicture
from openhotline.hashlists.queries.entries import POSITIONS
from openhotline.hashlists.states import EntryState, HashKind, Verdict

OWN_LIST = "entries"


@dataclass(frozen=True)
class KnownIn:
    """A list that holds a file, what it says of it, and by which kind of hash."""

    list_name: str
    verdict: str
    kind: str = HashKind.SHA256


@dataclass(frozen=True)
class Picture:
    """What is asked of a picture: its PDQ in hex, and how much that says (0 to 100)."""

    pdq: str
    quality: int


@dataclass(frozen=True)
class NearKnown:
    """An item and a picture of an imported list, no further than that list allows; ``entry`` is its outside id.

    ``turn``: in which of the eight positions of the item's picture, 0 being as it is (`hashmatch.pdq.dihedral`).
    """

    item_id: int
    list_name: str
    verdict: str
    entry: str
    distance: int
    turn: int


def verdicts_for(lookups: Sequence[str]) -> dict[str, list[KnownIn]]:
    """Return lookup -> lists that hold exactly this file, imported ones first; lookups on no list are left out.

    A lookup is the keyed hash of a file's SHA-256, SHA-1 or MD5.
    """
    known: dict[str, list[KnownIn]] = {}
    imported = KnownFile.objects.filter(lookup__in=lookups, withdrawn_at=None).order_by("list_name")
    for lookup, name, verdict, kind in imported.values_list("lookup", "list_name", "verdict", "kind"):
        known.setdefault(lookup, []).append(KnownIn(name, verdict, kind))
    own = Entry.objects.filter(item__lookup__in=lookups, state=EntryState.ACTIVE)
    for lookup in own.values_list("item__lookup", flat=True):
        known.setdefault(lookup, []).append(KnownIn(OWN_LIST, Verdict.KNOWN))
    return known


def near_known(pictures: Mapping[int, Picture]) -> list[NearKnown]:
    """Return every near match of pictures, given by item key, with imported lists, the nearest position of each.

    By each list's own distance and least quality. Pictures of a list of which it is not known which way up they were
    hashed are looked for in eight positions.
    """
    lists = {row.pk: row for row in KnownList.objects.filter(near_radius__isnull=False)}
    asked = [
        (item, one) for item, one in pictures.items() if any(one.quality >= r.least_quality for r in lists.values())
    ]
    if not asked:
        return []
    turns = POSITIONS if any(not row.upright for row in lists.values()) else 1
    hashes = np.stack([hash_of(one.pdq) for _, one in asked])
    queries = turned(hashes).reshape(-1, 32) if turns > 1 else hashes
    found = PICTURES.search(queries)
    rows = KnownPicture.objects.filter(pk__in={picture for _, picture, _ in found}, withdrawn_at=None).defer("pdq")
    there = {row.pk: row for row in rows}
    best: dict[tuple[int, int], NearKnown] = {}
    for query, picture, distance in sorted(found, key=lambda pair: (pair[2], pair[0])):
        (item, one), turn = asked[query // turns], query % turns
        row = there.get(picture)
        rule = lists.get(row.known_list_id) if row else None
        if row and rule and _reaches(rule, row, one, distance, turn):
            match = NearKnown(item, rule.name, rule.verdict, row.public_id, distance, turn)
            best.setdefault((item, picture), match)
    return list(best.values())


def _reaches(rule: KnownList, row: KnownPicture, asked: Picture, distance: int, turn: int) -> bool:
    clear = asked.quality >= rule.least_quality and (row.quality is None or row.quality >= rule.least_quality)
    return clear and distance <= (rule.near_radius or 0) and (turn == 0 or not rule.upright)


def lookups_of_known(ids: Sequence[int]) -> list[str]:
    """Return the keyed hashes of lines of imported lists of files."""
    return list(KnownFile.objects.filter(pk__in=ids).values_list("lookup", flat=True))


def pictures_of_known(ids: Sequence[int]) -> list[str]:
    """Return the PDQ (hex) of lines of imported lists of pictures."""
    return [str(pdq) for pdq in KnownPicture.objects.filter(pk__in=ids).values_list("pdq", flat=True)]


def known_lists() -> list[KnownList]:
    """Return the imported lists by name."""
    return list(KnownList.objects.order_by("name"))


def known_list(name: str) -> KnownList:
    """Return an imported list. Raises ListMissing."""
    row = KnownList.objects.filter(name=name).first()
    if row is None:
        names = ", ".join(one.name for one in known_lists()) or "none yet"
        raise ListMissing(f"No list {name!r} was imported. There are: {names}.")
    return row


def read_so_far(list_name: str, file_sha256: str) -> int:
    """Return how many lines of a file were taken into a list already."""
    rows = KnownImport.objects.filter(known_list__name=list_name, file_sha256=file_sha256)
    return rows.values_list("lines", flat=True).first() or 0


def _rows(since: int) -> Iterable[Row]:
    rows = KnownPicture.objects.filter(pk__gt=since)
    found = rows.values_list("pk", "public_id", "pdq")
    return ((pk, name, str(pdq)) for pk, name, pdq in found.order_by("pk").iterator())


PICTURES = Nearby(_rows, lambda pk, name: KnownPicture.objects.filter(pk=pk, public_id=name).exists())
