"""What a sealed file is: its pixels' hash, its provenance, its tile. Only the sandbox opens it."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from fileorigin import Evidence, moment
from openhotline.audit.services.record import record
from openhotline.core import crypto, events, sealing
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import Missing
from openhotline.core.sandbox.protocol import Answer, Failure
from openhotline.core.sealing import DataKey
from openhotline.evidence.events import ItemsExamined
from openhotline.evidence.examiner import sandboxed
from openhotline.evidence.examiner.answers import Examined, Unseen, VideoFound, read_answer, reason_of
from openhotline.evidence.models import EvidenceWrite, Item, Rendition, Video, VideoFrame
from openhotline.evidence.queries import (
    binds_provenance,
    binds_rendition,
    digests_of,
    encoded,
    evidence_digest,
    evidence_writes,
    open_original,
    stored_evidence,
    unexamined,
)
from openhotline.evidence.states import GAVE_UP, ItemState, UnreadableReason

log = logging.getLogger("openhotline.evidence")

CHANGED = (
    "state", "unreadable_reason", "format", "width", "height", "pdq", "quality", "pdq_canonical",
    "ai_involvement", "real_basis", "suspects_altered_real", "provenance", "provenance_sealed", "examined_at",
)  # fmt: skip


@dataclass(frozen=True)
class _Found:
    """What became of one item: facts with the sealed tile and prompts; or why it is unreadable, if known with these."""

    facts: Examined | Unseen | UnreadableReason
    tile: bytes = b""
    provenance: bytes | None = None

    @property
    def gave_up(self) -> bool:
        """Whether the sandbox stopped before it was known what the file is."""
        return isinstance(self.facts, UnreadableReason) and self.facts in GAVE_UP


def examine_items(*, ids: Sequence[int], now: datetime, actor: str = "step:examine_items") -> list[int]:
    """Examine sealed items (at most 500) and return the keys of those examined now; others are left as they are.

    A file that cannot be read becomes UNREADABLE with its reason, and the rest goes on; a picture among them keeps what
    its file says of its origin. One that the sandbox gave up on
    is tried once more before, and then asked only for what it says, with nothing decoded. An object that does not
    open (changed or swapped in the store) stays SEALED, is recorded and logged.
    Raises SandboxUnavailable where files cannot be opened safely.
    """
    waiting = {item.pk: item for item in unexamined(ids).order_by("pk")}
    damaged: list[str] = []
    keys = data_keys().get_many(item.public_id for item in waiting.values())
    found = _examined(list(waiting.values()), keys, damaged)
    # A machine that was busy for a moment must not make a file unreadable for good.
    again = [item for pk, item in waiting.items() if pk in found and found[pk].gave_up]
    found |= _examined(again, keys, damaged) if again else {}
    lost = [item for item in again if found[item.pk].gave_up]
    found |= _without_pixels(lost, keys, damaged, found) if lost else {}
    with transaction.atomic():
        done = _keep(found, now)
        if done:
            _record_examined(done, actor, now)
            events.publish(ItemsExamined(ids=tuple(item.pk for item in done)), now=now)
        if damaged:
            record(actor=actor, action="items_damaged", subject="items", now=now, ids=damaged)
    return [item.pk for item in done]


def _examined(items: Sequence[Item], keys: Mapping[str, DataKey], damaged: list[str]) -> dict[int, _Found]:
    """Return key -> what became of it, for what could be opened; the rest is added to ``damaged``."""
    of = {item.pk: item for item in items}
    answers = sandboxed.examined(_opened(items, keys, damaged))
    return {pk: _understood(of[pk], keys[of[pk].public_id], answer) for pk, answer in answers}


def _without_pixels(
    items: Sequence[Item], keys: Mapping[str, DataKey], damaged: list[str], found: Mapping[int, _Found]
) -> dict[int, _Found]:
    """Return what files say of themselves that the sandbox gave up on, each with why it did; not all of them may."""
    of = {item.pk: item for item in items}
    told: dict[int, _Found] = {}
    for pk, answer in sandboxed.examined_without_pixels(_opened(items, keys, damaged)):
        said, why = _understood(of[pk], keys[of[pk].public_id], answer), found[pk].facts
        if isinstance(said.facts, Unseen) and isinstance(why, UnreadableReason):
            told[pk] = replace(said, facts=replace(said.facts, reason=why))
    return told


def _opened(items: Sequence[Item], keys: Mapping[str, DataKey], damaged: list[str]) -> Iterator[tuple[int, bytes]]:
    for item in items:
        try:
            yield item.pk, open_original(item, keys.get(item.public_id))
        except (crypto.DoesNotOpen, Missing) as error:
            log.error("not examined: %s", error)  # noqa: TRY400 - the sentence says all; a trace adds nothing
            damaged.append(item.public_id)


def _understood(item: Item, key: DataKey, answer: Answer | Failure) -> _Found:
    try:
        if isinstance(answer, Failure):
            raise answer
        facts = read_answer(answer, sha256=digests_of(item)["sha256"])
    except Failure as failure:
        return _Found(reason_of(failure))
    tile = b""
    if isinstance(facts, Examined):
        tile = sealing.seal(encoded(facts.tile, "WEBP"), key=key, binds=binds_rendition(item, Rendition.TILE))
    # Prompts and thumbnails go with the file: under its data key, so that a purge reaches them in every backup.
    told = facts.sealed and sealing.seal(facts.sealed.encode(), key=key, binds=binds_provenance(item))
    return _Found(facts, tile, told or None)


def _keep(found: dict[int, _Found], now: datetime) -> list[Item]:
    """Write what was found into the items that still wait for it; return those."""
    rows = list(unexamined(found).select_for_update().order_by("pk"))
    tiles, videos = [], []
    for item in rows:
        facts = found[item.pk].facts
        item.examined_at = now
        item.provenance_sealed = found[item.pk].provenance
        if not isinstance(facts, UnreadableReason):
            _keep_evidence(item, facts.provenance, now)
        if isinstance(facts, Examined):
            _fill(item, facts)
            tiles.append(_tile_row(item, facts, found[item.pk].tile))
            if facts.video is not None:
                videos.append((item, facts.video))
        else:
            item.state = ItemState.UNREADABLE
            item.unreadable_reason = facts.reason if isinstance(facts, Unseen) else facts
    # One upsert, never an insert: the rows are there and locked. bulk_update takes five times as long.
    Item.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED)
    Rendition.objects.bulk_create(tiles, ignore_conflicts=True)
    _keep_videos(videos)
    return rows


def _keep_videos(videos: Sequence[tuple[Item, VideoFound]]) -> None:
    made = [
        Video(
            item=item,
            width=found.width,
            height=found.height,
            milliseconds=found.milliseconds,
            complete=found.complete,
        )
        for item, found in videos
    ]
    Video.objects.bulk_create(made)
    VideoFrame.objects.bulk_create(
        VideoFrame(video=row, at_ms=one.at_ms, pdq=one.pdq, quality=one.quality)
        for row, (_, found) in zip(made, videos, strict=True)
        for one in found.frames
    )


def _keep_evidence(item: Item, provenance: Evidence, now: datetime) -> None:
    """Keep what the file says of itself, whether its pixels were decoded or not."""
    item.format = provenance.format.upper()
    item.ai_involvement = provenance.ai_involvement
    item.real_basis = provenance.real_basis
    item.suspects_altered_real = provenance.suspects_altered_real
    # The sandbox knows no time, and nobody in it is a person: both are said here.
    item.provenance = stored_evidence(replace(provenance, run_at=moment(now)))


def _fill(item: Item, facts: Examined) -> None:
    item.state = ItemState.EXAMINED
    item.format, item.width, item.height = facts.format, facts.width, facts.height
    item.pdq, item.quality, item.pdq_canonical = facts.pdq, facts.quality, facts.canonical or ""


def _tile_row(item: Item, facts: Examined, sealed: bytes) -> Rendition:
    height, width = facts.tile.shape
    return Rendition(item=item, kind=Rendition.TILE, sealed=sealed, width=width, height=height)


def _record_examined(done: Sequence[Item], actor: str, now: datetime) -> None:
    unreadable = sum(item.state == ItemState.UNREADABLE for item in done)
    writes = evidence_writes(done)
    line = record(
        actor=actor,
        action="items_examined",
        subject="items",
        now=now,
        ids=[item.public_id for item in done],
        detail={
            "examined": len(done) - unreadable,
            "unreadable": unreadable,
            "evidence": evidence_digest(writes),
            "written": len(writes),
        },
    )
    for row in writes:
        row.record = line.uuid
    EvidenceWrite.objects.bulk_create(writes)
