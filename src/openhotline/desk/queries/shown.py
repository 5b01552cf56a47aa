"""What an analyst reads of an item before its picture. Never another person's opinion of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from fileorigin import Finding, Status
from fileorigin.limits import LIMITS
from fileorigin.sentences import describe
from openhotline.evidence.models import Item, Sighting, Video
from openhotline.evidence.queries import file_evidence
from openhotline.evidence.states import UNREADABLE_SENTENCES, UnreadableReason
from openhotline.hashlists.queries import OWN_LIST
from openhotline.triage.models import Match, SharedFrames, Stack, StackMember
from openhotline.triage.models.match import Stretch
from openhotline.triage.policies import sentences
from openhotline.triage.queries import rules, silent_lines

MOST = 20
MOST_TIMES = 6
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
    not_opened: str
    """Why there is no picture to show; empty where there is one."""
    video: str
    """How long a video is and what was taken of it; empty for a picture."""
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
    found = Match.objects.filter(item=item)
    matches = _told(found.exclude(kind=Match.FRAMES).order_by("distance", "pk")[:MOST])
    shared = _told(found.filter(kind=Match.FRAMES))
    return Shown(
        item=item,
        seen=tuple(_seen(row) for row in rows.select_related("address", "page", "report", "find__collection")[:MOST]),
        sightings=rows.count(),
        not_opened=UNREADABLE_SENTENCES[UnreadableReason(item.unreadable_reason)] if item.unreadable_reason else "",
        video=_video(item),
        matches=tuple(line for _, line in matches),
        shared_frames=tuple(line for _, line in shared),
        stack=member.stack.members if member else 1,
        part=StackMember.objects.filter(part_id=member.part_id).count() if member else 1,
        apart=member.apart if member else False,
        stack_name=member.stack.public_id if member else "",
        points=member.stack.points if member else 0,
        reasons=tuple(sentences(member.stack.reasons, rules())) if member else (),
        evidence=tuple(describe(evidence)) if (evidence := file_evidence(item)) else (),
        checks=tuple(_check(one) for one in evidence.findings) if evidence else (),
    )


def _check(one: Finding) -> tuple[str, str]:
    """Return what was looked for and what came of it; of what is there also what it cannot say."""
    told = STATUS_WORDS[one.status]
    limits = f". {LIMITS[one.check]}" if one.status is Status.PRESENT and one.check != "container" else ""
    return CHECK_WORDS[one.check], told + limits


def shared_frames_in(stack: Stack) -> list[tuple[str, str]]:
    """Return the videos of a stack that share frames with entries, by outside id, with the words for each entry."""
    rows = Match.objects.filter(item__stacked__stack=stack, kind=Match.FRAMES).select_related("item")
    return [(row.item.public_id, line) for row, line in _told(rows)]


def moment(milliseconds: int) -> str:
    """Return a moment of a video as players show it: 0:07, 12:30, 1:02:03."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _told(found: QuerySet[Match]) -> list[tuple[Match, str]]:
    """Return at most 20 matches in words: of frames, those that share the most; and whether the entry is held."""
    rows = sorted(found, key=lambda row: -row.frames["frames"] if row.frames else 0)[:MOST]
    silent = silent_lines({row.entry for row in rows if row.entry})
    return [(row, f"{_match(row)}{HELD if (row.list_name, row.entry) in silent else ''}") for row in rows]


def _video(item: Item) -> str:
    row = Video.objects.filter(item=item).first()
    if row is None:
        return ""
    taken = row.frames.count()
    long = f"{moment(row.milliseconds)} long" if row.milliseconds else "the file does not say how long"
    rest = "" if row.complete else " Time ran out before all of it was read."
    frames = f"{taken} frames were" if taken != 1 else "One frame was"
    return f"A video, {long}. {frames} taken; the sheet shows up to nine, in the order of time.{rest}"


def _shared(row: Match, shared: SharedFrames) -> str:
    looks = "looks" if shared.frames == 1 else "look"
    own = row.list_name == OWN_LIST
    of_theirs = f"{shared.entry_frames} of {shared.entry_of} of a video" if shared.entry_stretches else "a picture"
    listed = "that is an entry of ours" if own else f"{LIST_WORDS.get(row.verdict, row.verdict)} ({row.list_name})"
    there = f", which are at {_times(shared.entry_stretches)} there" if shared.entry_stretches else ""
    ours = f"At {_times(shared.stretches)}: {shared.frames} of {shared.of} frames {looks} like"
    return f"{ours} {of_theirs} {listed}{there}. The nearest two are {row.distance} of 256 bits apart."


def _times(stretches: Sequence[Stretch]) -> str:
    told = [moment(a) if moment(a) == moment(b) else f"{moment(a)} to {moment(b)}" for a, b in stretches]
    if len(told) > MOST_TIMES:
        told = [*told[:MOST_TIMES], f"{len(told) - MOST_TIMES} more times"]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _seen(row: Sighting) -> Seen:
    return Seen(
        address=row.address.canonical if row.address else "",
        page=row.page.canonical if row.page else "",
        report=row.report.public_id if row.report else "",
        source=f"Find {row.find.number} of the collection “{row.find.collection.name}”" if row.find else "",
    )


def _match(row: Match) -> str:
    what = LIST_WORDS.get(row.verdict, row.verdict)
    if row.frames:
        return _shared(row, SharedFrames.read(row.frames))
    if row.kind in Match.EXACT:
        return f"The exact file is {what} ({row.list_name})."
    turned = ", turned or mirrored" if row.turn else ""
    if row.list_name == OWN_LIST:
        return f"Near an entry of ours, {row.distance} of 256 bits apart{turned}."
    return f"Near a picture {what} ({row.list_name}), {row.distance} of 256 bits apart{turned}."
