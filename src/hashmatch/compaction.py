"""When the parts of an index are merged, and which of them."""

from hashmatch.segments import Segment, merged
from hashmatch.snapshots import Part

AT_ONCE = 1 << 17  # rows; merging so few takes some tens of milliseconds
MOST_PARTS = 8
_SHARE = 4


def due(parts: tuple[Part, ...], busy: int) -> slice | None:
    """The run of parts to merge next, or None. The first `busy` parts are being merged already.

    New parts merge like the digits of a binary counter, so adding row by row costs the logarithm. All parts are merged
    when those after the first have a quarter of its rows or a quarter of all rows is removed; all but the first when
    there are many.
    """
    sizes = [len(part.segment) for part in parts]
    last = slice(len(parts) - 2, len(parts))
    if last.start >= busy and sizes[-2] <= 2 * sizes[-1] and sum(sizes[-2:]) <= AT_ONCE:
        return last
    if busy or not parts:
        return None
    removed = sum(part.removed for part in parts)
    if _SHARE * sum(sizes[1:]) > sizes[0] or _SHARE * removed > sum(sizes):
        return slice(0, len(parts))
    return slice(1, len(parts)) if len(parts) > MOST_PARTS else None


def small(parts: tuple[Part, ...]) -> bool:
    """Say whether merging these parts is a matter of an instant."""
    return sum(map(len, parts)) <= AT_ONCE


def merge(parts: tuple[Part, ...], threads: int = 1) -> Segment:
    """One segment of what the parts hold."""
    return merged([(part.segment, part.gone) for part in parts], threads)
