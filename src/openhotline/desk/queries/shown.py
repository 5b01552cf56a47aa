"""What an analyst reads of an item before its picture. Never another person's opinion of it."""

from dataclasses import dataclass

from fileorigin.sentences import describe
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.queries import file_evidence
from openhotline.triage.models import Match, StackMember
from openhotline.triage.policies import sentences
from openhotline.triage.queries import rules

MOST = 20
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
    stack: int
    part: int
    apart: bool
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]


def shown_item(item: Item) -> Shown:
    """Return what is known of an item in words; the picture is not opened for it."""
    member = StackMember.objects.select_related("stack").filter(item=item).first()
    rows = Sighting.objects.filter(item=item).order_by("pk")
    return Shown(
        item=item,
        seen=tuple(_seen(row) for row in rows.select_related("address", "page", "report", "find__collection")[:MOST]),
        sightings=rows.count(),
        matches=tuple(_match(row) for row in Match.objects.filter(item=item).order_by("distance", "pk")[:MOST]),
        stack=member.stack.members if member else 1,
        part=StackMember.objects.filter(part_id=member.part_id).count() if member else 1,
        apart=member.apart if member else False,
        reasons=tuple(sentences(member.stack.reasons, rules())) if member else (),
        evidence=tuple(describe(evidence)) if (evidence := file_evidence(item)) else (),
    )


def _seen(row: Sighting) -> Seen:
    return Seen(
        address=row.address.canonical if row.address else "",
        page=row.page.canonical if row.page else "",
        report=row.report.public_id if row.report else "",
        source=f"Collection {row.find.collection.name}, find {row.find.number}" if row.find else "",
    )


def _match(row: Match) -> str:
    what = LIST_WORDS.get(row.verdict, row.verdict)
    if row.kind == Match.FILE:
        return f"The exact file is {what} ({row.list_name})."
    return f"Near an entry of ours, {row.distance} of 256 bits apart."
