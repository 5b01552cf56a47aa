"""Reading our own list, its releases, and the self-reported list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Count, QuerySet

from hashmatch import turned
from openhotline.core.errors import Missing
from openhotline.core.keys import signer
from openhotline.core.nearby import Nearby, Row, hash_of
from openhotline.evidence.models import VideoFrame
from openhotline.hashlists.models import (
    REVISED,
    Dispute,
    Entry,
    EntryRevision,
    Release,
    SelfReported,
    VerifiedRelease,
    verify_release_file,
)
from openhotline.hashlists.queries.provenance import origin_of
from openhotline.hashlists.states import (
    LEAST_QUALITY,
    DisputeState,
    EntryState,
    Provenance,
    ReleaseState,
    SelfReportedState,
)
from openhotline.law.states import AiInvolvement

POSITIONS = 8
ALTERED = AiInvolvement.REAL_PICTURE_ALTERED


@dataclass(frozen=True)
class NearEntry:
    """An item and an active entry whose picture is at most 31 bits away; ``entry`` is the outside id.

    ``altered_real``: the entry is a real picture that was altered, as it was assessed. ``turn``: in which of the eight
    positions of the item's picture, 0 being as it is (`hashmatch.pdq.dihedral`).
    """

    item_id: int
    entry: str
    distance: int
    altered_real: bool
    turn: int = 0


def near_entries(hashes: Mapping[int, str | None]) -> list[NearEntry]:
    """Return every active entry near the pictures given as item key -> PDQ in hex, in the nearest of eight positions.

    An entry's picture may have been turned or mirrored on its way, like one of any list. An item's own entry is left
    out.
    """
    queries = [(item, pdq) for item, pdq in hashes.items() if pdq is not None]
    if not queries:
        return []
    positions = turned(np.stack([hash_of(pdq) for _, pdq in queries]))
    found = ENTRIES.search(positions.reshape(-1, 32))
    rows = Entry.objects.filter(pk__in={entry for _, entry, _ in found}, state=EntryState.ACTIVE)
    active = {row.pk: row for row in rows.only("public_id", "item_id", "ai_involvement")}
    best: dict[tuple[int, int], NearEntry] = {}
    for query, entry, distance in sorted(found, key=lambda near: (near[0] // POSITIONS, near[2], near[0], near[1])):
        place, turn = divmod(query, POSITIONS)
        item, row = queries[place][0], active.get(entry)
        if row is not None and row.item_id != item:
            near = NearEntry(item, row.public_id, distance, row.ai_involvement == ALTERED, turn)
            best.setdefault((place, entry), near)
    return list(best.values())


def draft_path(release: str) -> Path:
    """Return where the draft of a release (by outside id) lies until it is published."""
    return Path(settings.VAR) / "releases" / f"{release}.draft"


def release_path(version: int) -> Path:
    """Return where a published version lies."""
    return Path(settings.VAR) / "releases" / f"{version}.jsonl"


def published_version() -> int | None:
    """Return the latest version that is out; None before the first."""
    published = Release.objects.filter(state=ReleaseState.PUBLISHED).order_by("-version")
    return published.values_list("version", flat=True).first()


def waiting_release() -> Release | None:
    """Return the latest draft that is newer than what is out, if there is one."""
    drafts = Release.objects.filter(state=ReleaseState.DRAFTED, version__gt=published_version() or 0)
    return drafts.order_by("-version").first()


def verified_release(path: Path, *, version: int | None = None) -> VerifiedRelease:
    """Check a release of this installation, as a member would with its public key. Raises ReleaseRefused."""
    key = signer("release.key").public_key()
    return verify_release_file(path, key=key, practice=settings.PRACTICE, version=version)


def disputes_waiting() -> QuerySet[Dispute]:
    """Return what is in question, the oldest first, each with its entry."""
    return Dispute.objects.filter(state=DisputeState.OPEN).select_related("entry").order_by("pk")


def history_of(name: str) -> list[dict[str, Any]]:
    """Return what was said of an entry (by outside id), the oldest first: when (ISO 8601), what, and the facts then.

    The first says whence it is as well. Raises Missing.
    """
    entry = Entry.objects.filter(public_id=name).first()
    if entry is None:
        raise Missing(f"There is no entry {name[:40]!r}. Check its id.")
    told: list[tuple[datetime, dict[str, Any]]] = []
    since = entry.listed_at
    for one in entry.revisions.order_by("revision"):
        told.append((since, _said(one)))
        since = one.until
    told.append((since, _said(entry)))
    for dispute in entry.disputes.all():
        told.append((dispute.raised_at, {"what": "put in question", "reason": dispute.reason}))
        if dispute.settled_at is not None and dispute.state == DisputeState.KEPT:
            told.append((dispute.settled_at, {"what": "kept", "reason": dispute.reason}))
    told[0][1].update(_whence(entry))
    if entry.withdrawn_at is not None:
        told.append((entry.withdrawn_at, {"what": "withdrawn"}))
    return [{"at": at.isoformat(), **what} for at, what in sorted(told, key=lambda one: one[0])]


def _whence(entry: Entry) -> dict[str, Any]:
    origin = origin_of(entry)
    if origin.provenance == Provenance.PARTNER:
        return {"provenance": origin.provenance, "given_by": origin.given_by, "list": origin.list_name}
    return {"provenance": origin.provenance, "came_by": [str(one) for one in origin.came_by]}


def _said(one: Entry | EntryRevision) -> dict[str, Any]:
    facts = {fact: getattr(one, fact) for fact in (*REVISED, "sharing")}
    return {"what": "listed" if one.revision == 1 else "revised", "revision": one.revision, **facts}


def entries_in_question() -> set[int]:
    """Return the entries that are in question now."""
    return set(Dispute.objects.filter(state=DisputeState.OPEN).values_list("entry_id", flat=True))


def entries_of(item_ids: Sequence[int]) -> dict[int, Entry]:
    """Return item key -> its active entry; items without one are left out."""
    rows = Entry.objects.filter(item_id__in=item_ids, state=EntryState.ACTIVE)
    return {row.item_id: row for row in rows if row.item_id is not None}


def entries_to_share(sharing: str) -> list[str]:
    """Return the outside ids of active entries of which it is not said that they may be passed on like this."""
    rows = Entry.objects.filter(given_by=None, state=EntryState.ACTIVE).exclude(sharing=sharing)
    return list(rows.order_by("pk").values_list("public_id", flat=True))


def _rows(since: int) -> Iterable[Row]:
    rows = Entry.objects.filter(pk__gt=since, item__pdq__isnull=False, item__quality__gte=LEAST_QUALITY)
    found = rows.values_list("pk", "public_id", "item__pdq")
    return ((pk, name, str(pdq)) for pk, name, pdq in found.order_by("pk").iterator())


ENTRIES = Nearby(_rows, lambda pk, name: Entry.objects.filter(pk=pk, public_id=name).exists())


def pictures_of_entries(ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return (item, PDQ in hex) of those of these entries whose picture can be matched nearly, withdrawn ones too.

    Of a video, of each of its frames.
    """
    rows = Entry.objects.filter(pk__in=ids, item__pdq__isnull=False, item__quality__gte=LEAST_QUALITY)
    frames = VideoFrame.objects.filter(video__item__entry__in=ids, quality__gte=LEAST_QUALITY)
    found = [*rows.values_list("item_id", "item__pdq"), *frames.values_list("video__item_id", "pdq")]
    return [(item, str(pdq)) for item, pdq in found]


def items_of_entries(ids: Sequence[int]) -> list[int]:
    """Return the items of entries; what a partner's list gave has none."""
    rows = Entry.objects.filter(pk__in=ids, item__isnull=False)
    return [item for item in rows.values_list("item_id", flat=True) if item is not None]


@dataclass(frozen=True)
class SelfReportedLine:
    """One hash of the self-reported list, by its outside id; ``pdq`` is 64 hex digits."""

    name: str
    pdq: str
    quality: int


def self_reported() -> list[SelfReportedLine]:
    """Return every hash that young people sent and did not take back, oldest first.

    Unreviewed: whoever finds a picture by one looks at it before acting. For members alone, apart from the entries.
    """
    rows = SelfReported.objects.filter(state=SelfReportedState.UNREVIEWED).order_by("pk")
    found = rows.values_list("public_id", "pdq", "quality")
    return [SelfReportedLine(name, str(pdq), quality or 0) for name, pdq, quality in found]


def count_self_reported() -> dict[SelfReportedState, int]:
    """Return how many hashes of the self-reported list stand in each state, none left out."""
    counted = dict(SelfReported.objects.values_list("state").annotate(Count("pk")).order_by())
    return {state: counted.get(state, 0) for state in SelfReportedState}
