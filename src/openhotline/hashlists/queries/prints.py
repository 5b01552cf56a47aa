"""The hashes of entries, whether of an item that was assessed here or as a partner's list gave them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from openhotline.evidence.queries import digests_of
from openhotline.hashlists.models import Entry
from openhotline.hashlists.states import LEAST_QUALITY, HashKind


@dataclass(frozen=True)
class Prints:
    """Hashes in lower-case hex: of the file by kind, of the picture its PDQ with quality and form, as far as known.

    ``clear``: whether the picture's hash says enough to be matched nearly. Of a list that tells no quality it does, as
    of every list of others.
    """

    files: Mapping[str, str]
    pdq: str | None = None
    quality: int | None = None
    canonical: str = ""
    clear: bool = False


def with_prints(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Return entries such that `prints_of` asks the database nothing more of each."""
    rows = entries.select_related("item").prefetch_related("given")
    return rows.defer("item__provenance", "item__provenance_sealed")


def prints_of(entry: Entry) -> Prints:
    """Return the hashes of an entry."""
    if entry.item is not None:
        item = entry.item
        clear = (item.quality or 0) >= LEAST_QUALITY
        return Prints(digests_of(item), item.pdq or None, item.quality, item.pdq_canonical, clear)
    given = {one.kind: one for one in entry.given.all()}
    picture = given.pop(HashKind.PDQ, None)
    files = {kind: str(one.value) for kind, one in sorted(given.items())}
    if picture is None:
        return Prints(files)
    clear = picture.quality is None or picture.quality >= LEAST_QUALITY
    return Prints(files, str(picture.value), picture.quality, picture.canonical, clear)
