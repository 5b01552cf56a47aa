"""What later stages know of a decided item, as they offer it for the list."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """What the law of one jurisdiction says of a decided item, as `Listable` has it of the list's own."""

    jurisdiction: str
    outcome: str
    category: str
    provision: str


@dataclass(frozen=True, kw_only=True)
class Listable:
    """A decided item: what was assessed, and the outcome of the jurisdiction whose law the list follows.

    ``item_id`` is the key of the Item. ``ai_involvement`` and ``real_child`` are values of the law's closed lists;
    empty counts as not determined. ``outcome`` is a kind of outcome; ``category`` a letter or empty; ``consensus``
    how many people decided alike. ``elsewhere``: the other jurisdictions whose law calls it criminal, by code; of one
    that is not among them nothing is said. ``decided_at``: when they did; None says nothing of it, and lists nothing a
    second time.
    """

    item_id: int
    ai_involvement: str
    real_child: str
    jurisdiction: str
    outcome: str
    category: str
    provision: str
    consensus: int
    elsewhere: tuple[LegalBasis, ...] = ()
    decided_at: datetime | None = None
