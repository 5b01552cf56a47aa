"""Reading items, their bytes and what is shown of them."""

import io
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from PIL import Image

from fileorigin import Evidence
from openhotline.accounts.models import Approval
from openhotline.accounts.queries import approval_of, latest_authority
from openhotline.accounts.states import LIVE, ApprovalState, Purpose
from openhotline.core import blobs, sealing
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import Missing
from openhotline.core.sandbox.parent import Posture
from openhotline.core.sandbox.protocol import Plane
from openhotline.core.sealing import Binding, DataKey
from openhotline.evidence.examiner import sandboxed
from openhotline.evidence.models import Capture, EvidenceWrite, Item, KeyWork, Rendition, Sighting, Tombstone
from openhotline.evidence.states import MAX_SIDE, SMALL_SIDE, UNSEEN, CaptureState, ItemState, Work
from openhotline.intake.models import ReportedAddress, SweptPage

REVEAL_TYPE = "image/jpeg"
TILE_TYPE = "image/webp"
TRY_AGAIN_AFTER = timedelta(hours=1)
MOST_FAILURES = 5


class Step(StrEnum):
    """How much of a picture a reveal shows: each step is clearer than the one before."""

    SMALL = "small"
    GREY = "grey"
    COLOUR = "colour"


def no_authority() -> Q:
    """Match the captures that were refused before anything was connected to, as no authority was in force."""
    return Q(state=CaptureState.REFUSED, authority="")


def left_alone(now: datetime) -> QuerySet[Capture]:
    """Return the captures whose address is not tried again now: those that succeeded, or of the last hour.

    Where no authority was in force the site was not asked, so nothing needs to be waited for once there is one.
    """
    recent = Capture.objects.filter(started_at__gt=now - TRY_AGAIN_AFTER)
    if latest_authority(now) is not None:
        recent = recent.exclude(no_authority())
    return recent | Capture.objects.filter(state=CaptureState.CAPTURED)


def captures_due(now: datetime, limit: int = 10) -> list[int]:
    """Return keys of addresses to be captured again, oldest attempt first; none while no authority is in force.

    That is what was last refused for want of an authority, and what failed an hour ago, up to five times. The limit
    is small because each may take as long as a site may.
    """
    if latest_authority(now) is None:
        return []
    of_address = Capture.objects.filter(address=OuterRef("address"))
    failed = of_address.filter(state=CaptureState.FAILED).order_by().values("address").annotate(times=Count("pk"))
    again = no_authority() | Q(state=CaptureState.FAILED)
    last = Capture.objects.exclude(Exists(of_address.filter(pk__gt=OuterRef("pk")))).filter(again)
    due = last.exclude(Exists(failed.filter(times__gte=MOST_FAILURES)))
    waiting = due.exclude(address__in=left_alone(now).values("address"))
    return list(waiting.order_by("started_at", "pk").values_list("address_id", flat=True)[:limit])


def unexamined(ids: Iterable[int]) -> QuerySet[Item]:
    """Return those of these items that wait to be examined and were not purged."""
    purged = Tombstone.objects.filter(item=OuterRef("pk"))
    return Item.objects.filter(pk__in=list(ids), state=ItemState.SEALED).exclude(Exists(purged))


def unseen_items() -> QuerySet[Item]:
    """Return files that could not be opened here and that a person decides on: all of them that have a byte."""
    return Item.objects.filter(unreadable_reason__in=UNSEEN, state=ItemState.UNREADABLE)


def is_unseen(item: Item) -> bool:
    """Say of one item, without asking the database, whether `unseen_items` has it."""
    return item.state == ItemState.UNREADABLE and item.unreadable_reason in UNSEEN


def binds_original(item: Item) -> Binding:
    """Return what an item's object is bound to when it is sealed."""
    return Binding(item.public_id, "original", item.case)


def binds_rendition(item: Item, kind: str) -> Binding:
    """Return what a rendition is bound to when it is sealed."""
    return Binding(item.public_id, kind, item.case)


def binds_provenance(item: Item) -> Binding:
    """Return what the sealed part of the file evidence is bound to."""
    return Binding(item.public_id, "provenance", item.case)


def open_original(item: Item, key: DataKey | None = None) -> bytes:
    """Return the file itself, for sandbox and referral; ``key`` where the caller has it already.

    Raises Missing (a purged item is gone), or crypto.DoesNotOpen when it was swapped.
    """
    key = key or data_keys().get(item.public_id)
    return sealing.unseal(blobs.store().get(item.public_id), key=key, binds=binds_original(item))


def open_tile(item: Item) -> bytes:
    """Return the grey blurred tile as WebP. Raises Missing where there is none (unreadable, not examined, purged)."""
    rendition = Rendition.objects.filter(item=item, kind=Rendition.TILE).first()
    if rendition is None:
        raise Missing("There is no tile of this item.")
    key = data_keys().get(item.public_id)
    return sealing.unseal(bytes(rendition.sealed), key=key, binds=binds_rendition(item, Rendition.TILE))


def have_tiles(items: Collection[int]) -> bool:
    """Say whether any of these items has a blurred tile that can be shown."""
    return Rendition.objects.filter(item__in=items, kind=Rendition.TILE).exists()


def open_provenance(item: Item) -> str | None:
    """Return the sealed part of the file evidence as JSON; None where there is none. Raises Missing when purged."""
    if item.provenance_sealed is None:
        return None
    key = data_keys().get(item.public_id)
    return sealing.unseal(bytes(item.provenance_sealed), key=key, binds=binds_provenance(item)).decode()


def render_reveal(item: Item, step: Step) -> bytes:
    """Return what a reveal shows, decoded in the sandbox and encoded anew as JPEG: 320 or 1,024 pixels a side at most.

    Raises Missing and `Failure` (the file could not be decoded).
    """
    return encoded(sandboxed.rendered(open_original(item), colour=step is Step.COLOUR, side=_side(step)), "JPEG")


def reveal_size(item: Item, step: Step = Step.COLOUR) -> int:
    """Return how many pixels a step of a reveal of this item shows, width x height; 0 when it was not examined."""
    if not item.width or not item.height:
        return 0
    scale = min(1.0, _side(step) / max(item.width, item.height))
    return max(1, round(item.width * scale)) * max(1, round(item.height * scale))


def _side(step: Step) -> int:
    return SMALL_SIDE if step is Step.SMALL else MAX_SIDE


def encoded(plane: Plane, form: str) -> bytes:
    """Encode pixels of ours; nothing of the original file's bytes is in the result."""
    sink = io.BytesIO()
    if form == "WEBP":
        Image.fromarray(plane).convert("RGB").save(sink, form, quality=60, method=0)
    else:
        Image.fromarray(plane).save(sink, form, quality=88)
    return sink.getvalue()


def digests_of(item: Item) -> dict[str, str]:
    """Return sha256, sha1 and md5 in hex."""
    found: dict[str, str] = json.loads(item.digests)
    return found


def file_evidence(item: Item) -> Evidence | None:
    """Return the open part of the file evidence; None where the item was not examined."""
    if item.provenance is None:
        return None
    return Evidence.from_dict({**item.provenance, "file_sha256": digests_of(item).get("sha256", "")})


def stored_evidence(found: Evidence) -> dict[str, Any]:
    """Return the open part as the row keeps it: the file's SHA-256 stands encrypted among the digests, never in clear.

    Sentences are left out too: they follow from the rest, and ``fileorigin.written`` makes them.
    """
    return {name: told for name, told in found.to_dict().items() if name != "file_sha256"}


def row_digest(provenance: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of the open file evidence of one item: of its JSON, names in order."""
    return sha256(json.dumps(provenance, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def digest_of_rows(rows: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 (hex) over the digests of a batch, a line of outside id and digest each, by key of item."""
    found = sha256()
    for name, digest in rows:
        found.update(f"{name} {digest}\n".encode())
    return found.hexdigest()


def evidence_writes(items: Iterable[Item]) -> list[EvidenceWrite]:
    """Return rows, by key of item, that say what file evidence is written; they lack the line of the log."""
    there = ((item, item.provenance) for item in sorted(items, key=lambda one: one.pk))
    return [EvidenceWrite(item=item, digest=row_digest(told)) for item, told in there if told is not None]


def evidence_digest(writes: Iterable[EvidenceWrite]) -> str:
    """Return the one digest over what is written that the log keeps."""
    return digest_of_rows((row.item.public_id, row.digest) for row in writes)


def sandbox_posture() -> Posture:
    """Return how well files are locked in on this machine, for the health page."""
    return sandboxed.posture()


def sandbox_health() -> sandboxed.Health:
    """Return posture, limits and wear of this process's sandbox. Raises SandboxUnavailable."""
    return sandboxed.health()


def reports_of_items(public_ids: Collection[str]) -> set[str]:
    """Return the outside ids of the reports that led to items, by the page that was captured or by the file."""
    there = Sighting.objects.filter(item__public_id__in=public_ids)
    addresses = there.values("address").union(there.values("page"))
    named = ReportedAddress.objects.filter(address__in=addresses).values_list("report__public_id", flat=True)
    return {*named, *there.filter(report__isnull=False).values_list("report__public_id", flat=True)}


def destroyed_of(subject: str) -> list[str]:
    """Return, of an item or of a report's items (outside ids), those whose data keys were destroyed by a purge."""
    at = ReportedAddress.objects.filter(report__public_id=subject, address__isnull=False).values("address")
    led = Sighting.objects.filter(Q(address__in=at) | Q(page__in=at) | Q(report__public_id=subject))
    theirs = Q(public_id=subject) | Q(pk__in=led.values("item"))
    names = list(Item.objects.filter(theirs, tombstone__isnull=False).values_list("public_id", flat=True))
    # An interrupted purge leaves tombstones whose keys are there yet.
    return sorted(set(names) - data_keys().wrapped(names).keys())


def items_at_swept(items: Collection[int]) -> dict[int, set[int]]:
    """Return, for each page (address) of a sweep that showed one of these items, all items seen there; primary keys.

    A file that was reported by its own address is at that address.
    """
    here = Sighting.objects.filter(item_id__in=items, address__isnull=False)
    showed = {page or address for page, address in here.values_list("page_id", "address_id")}
    pages = set(SweptPage.objects.filter(address__in=showed).values_list("address_id", flat=True))
    seen: dict[int, set[int]] = {page: set() for page in pages}
    rows = Sighting.objects.filter(Q(page__in=pages) | Q(address__in=pages, page=None))
    for page, address, item in rows.values_list("page_id", "address_id", "item_id"):
        seen[page or address].add(item)
    return seen


def open_key_work(work: Work, detail: dict[str, object], now: datetime) -> KeyWork | None:
    """Return the newest such work that was asked for, is not done, and whose approval can still be given or used."""
    for row in KeyWork.objects.filter(work=work, done_at=None).order_by("-pk"):
        approval = approval_of(Purpose.KEY, row.public_id)
        if row.detail == detail and approval is not None and now < approval.expires_at:
            return row
    return None


def copies_approved(folder: str) -> list[Approval]:
    """Return the approvals, asked for or given, that let the key store be copied below a folder and still stand."""
    works = [work for work in KeyWork.objects.filter(work=Work.COPY_STORE) if work.detail["folder"] == folder]
    found = [approval_of(Purpose.KEY, work.public_id) for work in works]
    return [one for one in found if one is not None and one.state in LIVE]


def is_approved(work: KeyWork) -> bool:
    """Say whether a second person has signed this work."""
    approval = approval_of(Purpose.KEY, work.public_id)
    return approval is not None and approval.state == ApprovalState.APPROVED
