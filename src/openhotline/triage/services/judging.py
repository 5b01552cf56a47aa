"""What the rules say of items as things are now. Part of triage_items and judge_again, in their transactions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from openhotline.core.crypto import lookup
from openhotline.core.events import publish
from openhotline.evidence.models import Item
from openhotline.evidence.queries import digests_of
from openhotline.hashlists.states import HashKind
from openhotline.triage.events import HeldEntriesChanged
from openhotline.triage.models import Fingerprint, HeldEntry, Seen
from openhotline.triage.policies import machine_selection, points_of, priority
from openhotline.triage.queries.findings import Found, Line, beside, floods, found_for, seen_of, silent_lines
from openhotline.triage.queries.rules import rules
from openhotline.triage.states import Reason, SelectionState

OTHER_KINDS = (HashKind.SHA1, HashKind.MD5)


@dataclass(frozen=True)
class Judged:
    """An item, its matches, what the rules saw and say, and when that changes by itself."""

    item: Item
    found: tuple[Found, ...]
    seen: Seen
    state: SelectionState
    reason: Reason | None
    reasons: tuple[tuple[str, int], ...]
    review_at: datetime | None

    @property
    def points(self) -> int:
        """The sum of the points."""
        return points_of(self.reasons)


def judge(items: Sequence[Item], *, now: datetime) -> list[Judged]:
    """Match items (at most 500, with their digests) with every list, hold what is a flood, and ask the rules."""
    by_item: dict[int, list[Found]] = defaultdict(list)
    found = found_for(items, _fingerprints(items))
    for one in found:
        by_item[one.item_id].append(one)
    _hold(floods(found, rules(), now), now)
    silent = silent_lines({one.entry for one in found if one.entry})
    around, recent = beside(items), timedelta(days=rules().recent_days)
    judged = []
    for item in items:
        known = around.get(item.pk)
        seen = seen_of(item, by_item[item.pk], silent, known, now - recent)
        state, reason = machine_selection(seen, rules())
        review_at = known.first_seen + recent if known and seen.recent else None
        reasons = tuple(priority(seen, rules()))
        judged.append(Judged(item, tuple(by_item[item.pk]), seen, state, reason, reasons, review_at))
    return judged


def _fingerprints(items: Sequence[Item]) -> dict[int, dict[str, str]]:
    """Return {item: {kind: keyed hash}} of SHA-1 and MD5, made where they are not there."""
    there: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Fingerprint.objects.filter(item__in=items).values_list("item_id", "kind", "lookup")
    for item_id, kind, key in rows:
        there[item_id][kind] = key
    missing = {item.pk: digests_of(item) for item in items if item.pk not in there}
    new = [
        Fingerprint(item_id=pk, kind=kind, lookup=lookup(kind, digests[kind]))
        for pk, digests in missing.items()
        for kind in OTHER_KINDS
        if kind in digests
    ]
    Fingerprint.objects.bulk_create(new, ignore_conflicts=True)
    for row in new:
        there[row.item_id][row.kind] = row.lookup
    return dict(there)


def _hold(flooding: Mapping[Line, tuple[int, int]], now: datetime) -> None:
    """Hold entries that match too much, and have what they matched before judged again. Nothing is dropped."""
    rows = [
        HeldEntry(list_name=name, entry=entry, matched=many, limit=limit, held_at=now)
        for (name, entry), (many, limit) in sorted(flooding.items())
    ]
    HeldEntry.objects.bulk_create(rows, ignore_conflicts=True)
    names = [row.public_id for row in rows]
    new = HeldEntry.objects.filter(public_id__in=names).order_by("pk").values_list("pk", flat=True)
    if ids := tuple(new):
        publish(HeldEntriesChanged(ids=ids), now=now)
