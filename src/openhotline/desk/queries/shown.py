"""What an analyst reads of an item before its picture. Never another person's opinion of it."""

from collections.abc import Collection
from dataclasses import dataclass

from fileorigin import Status
from fileorigin.sentences import describe
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.queries import file_evidence
from openhotline.hashlists.queries import OWN_LIST
from openhotline.triage.models import Match, Stack, StackMember, VideoMatch
from openhotline.triage.policies import sentences
from openhotline.triage.queries import matches_in, matches_of, rules, silent_lines

MOST = 20
HELD = " Held: the entry matches too much, and a person has to decide on it."
STATUS_WORDS = {
    Status.PRESENT: "found",
    Status.ABSENT: "looked for, not there",
    Status.ERROR: "could not be read",
    Status.UNSUPPORTED: "cannot be looked for in this kind of file",
}
CHECK_WORDS = {
    "container": "The file's own structure",
    "generator_marks": "Text of a generator",
    "digital_source_type": "Stated kind of source",
    "ai_properties": "Stated AI properties",
    "aigc_label": "AIGC label",
    "c2pa": "Content Credentials",
    "c2pa_remote_reference": "Content Credentials kept elsewhere",
    "camera": "Marks of a camera",
    "thumbnail": "Another picture in the embedded thumbnail",
    "alpha_payload": "Something hidden in the pixels",
    "novelai_signature": "A generator's signature",
    "pixel_watermark": "A published watermark",
}
LIST_WORDS = {"known": "listed as known", "harmless": "listed as known harmless"}


@dataclass(frozen=True)
class Seen:
    """Where the item was seen: plain text for the page, and the outside id of the report, if any."""

    address: str
    page: str
    report: str
    source: str


@dataclass(frozen=True)
class Shown:
    """The text beside an item."""

    item: Item
    seen: tuple[Seen, ...]
    sightings: int
    matches: tuple[str, ...]
    shared_frames: tuple[str, ...]
    stack: int
    part: int
    apart: bool
    stack_name: str
    points: int
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]
    checks: tuple[tuple[str, str], ...]


def shown_item(item: Item) -> Shown:
    """Return what is known of an item in words; the picture is not opened for it."""
    member = StackMember.objects.select_related("stack").filter(item=item).first()
    rows = Sighting.objects.filter(item=item).order_by("pk")
    matches = list(Match.objects.filter(item=item).order_by("distance", "pk")[:MOST])
    lines = silent_lines({row.entry for row in matches if row.entry})
    silent = {row.pk for row in matches if (row.list_name, row.entry) in lines}
    return Shown(
        item=item,
        seen=tuple(_seen(row) for row in rows.select_related("address", "page", "report", "find__collection")[:MOST]),
        sightings=rows.count(),
        matches=tuple(_match(row, silent) for row in matches),
        shared_frames=_frames_in_words(matches_of(item.pk)[:MOST]),
        stack=member.stack.members if member else 1,
        part=StackMember.objects.filter(part_id=member.part_id).count() if member else 1,
        apart=member.apart if member else False,
        stack_name=member.stack.public_id if member else "",
        points=member.stack.points if member else 0,
        reasons=tuple(sentences(member.stack.reasons, rules())) if member else (),
        evidence=tuple(describe(evidence)) if (evidence := file_evidence(item)) else (),
        checks=tuple((CHECK_WORDS[one.check], STATUS_WORDS[one.status]) for one in evidence.findings)
        if evidence
        else (),
    )


def shared_frames_in(stack: Stack) -> list[tuple[str, str]]:
    """Return the videos of a stack that share frames with entries, by outside id, with the words for each entry."""
    rows = matches_in(stack)[:MOST]
    return list(zip((row.item.public_id for row in rows), _frames_in_words(rows), strict=True))


def _frames_in_words(rows: Collection[VideoMatch]) -> tuple[str, ...]:
    silent = {name for _, name in silent_lines({row.entry for row in rows})}
    return tuple(_shared(row, HELD if row.entry in silent else "") for row in rows)


def _shared(row: VideoMatch, held: str) -> str:
    one = f"{row.frames} of {row.of_frames} frames"
    nearest = f"the nearest two {row.distance} of 256 bits apart"
    if row.of_entry_frames == 1:
        looks = "looks" if row.frames == 1 else "look"
        return f"{one} {looks} like a picture that is an entry of ours, {nearest}.{held}"
    theirs = f"{row.entry_frames} of {row.of_entry_frames}"
    return f"{one} look like {theirs} of a video that is an entry of ours, {nearest}.{held}"


def _seen(row: Sighting) -> Seen:
    return Seen(
        address=row.address.canonical if row.address else "",
        page=row.page.canonical if row.page else "",
        report=row.report.public_id if row.report else "",
        source=f"Find {row.find.number} of the collection “{row.find.collection.name}”" if row.find else "",
    )


def _match(row: Match, silent: Collection[int]) -> str:
    what = LIST_WORDS.get(row.verdict, row.verdict)
    held = HELD if row.pk in silent else ""
    if row.kind != Match.NEAR:
        return f"The exact file is {what} ({row.list_name}).{held}"
    turned = ", turned or mirrored" if row.turn else ""
    if row.list_name == OWN_LIST:
        return f"Near an entry of ours, {row.distance} of 256 bits apart{turned}.{held}"
    return f"Near a picture {what} ({row.list_name}), {row.distance} of 256 bits apart{turned}.{held}"
