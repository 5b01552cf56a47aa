"""Compare the file evidence in the rows with the digests that the log has of it. Reads only, as a stream.

1. Each line of the log that says that evidence was written has one digest over the digests of its rows: they have to
   be there, all of them, and come to it.
2. Each item's evidence has to be what was last written of it, and its columns that triage asks have to say the same.

Whether the log itself is whole, `audit verify` says.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from openhotline.audit.models import Record
from openhotline.evidence.models import EvidenceWrite, Item
from openhotline.evidence.queries import digest_of_rows, row_digest

ACTIONS = ("items_examined", "conclusions_noted")
AXES = ("ai_involvement", "real_basis", "suspects_altered_real")
RECORDS, ROWS = 50, 500


class VerifiedEvidence:
    """One pass over log and rows, with what was seen on the way.

    ``ended``: items whose file was purged and whose evidence went after it, all of it, with the retention table.
    ``records`` are lines of the log that were compared, ``items`` those with file evidence; ``before`` of these were
    written by a version of this software that kept one digest of a batch alone, so the log says nothing of each.
    """

    def __init__(self) -> None:
        self.records = self.items = self.before = self.ended = self.faults = 0

    def differences(self) -> Iterator[str]:
        """Yield a sentence for each line of the log, and each item, that is not as it was written."""
        for sentence in self._each():
            self.faults += 1
            yield sentence

    def _each(self) -> Iterator[str]:
        lines = Record.objects.filter(action__in=ACTIONS).order_by("pk").iterator(chunk_size=ROWS)
        while batch := list(islice(lines, RECORDS)):
            yield from self._compared([line for line in batch if "written" in line.detail])
        for row in _rows():
            self.items += 1
            yield from self._item(row)

    def _compared(self, lines: Sequence[Record]) -> Iterator[str]:
        told: dict[str, list[tuple[str, str]]] = defaultdict(list)
        rows = EvidenceWrite.objects.filter(record__in=[line.uuid for line in lines]).order_by("item_id")
        for record, *row in rows.values_list("record", "item__public_id", "digest"):
            told[record].append((row[0], row[1]))
        self.records += len(lines)
        for line in lines:
            there = told[line.uuid]
            if len(there) != line.detail["written"]:
                yield (
                    f"{line.uuid}: the log has the evidence of {line.detail['written']} items here, and the digests of "
                    f"{len(there)} are kept."
                )
            elif digest_of_rows(there) != line.detail["evidence"]:
                yield f"{line.uuid}: the digests of these {len(there)} items are not the ones that the log has."

    def _item(self, row: dict[str, Any]) -> Iterator[str]:
        name, found, logged = row["public_id"], row["provenance"], row["logged"]
        if found is None and row["tombstone"] is not None and not any(row[axis] for axis in AXES):
            self.ended += 1
            return
        if found is None:
            yield f"{name}: its file evidence is gone."
            return
        if logged is None:
            self.before += 1
        elif logged != row_digest(found):
            yield f"{name}: its file evidence is not what was written."
        if other := [axis for axis in AXES if row[axis] != found.get(axis)]:
            yield f"{name}: beside its file evidence it says otherwise in {', '.join(other)}."


def _rows() -> Iterator[dict[str, Any]]:
    """Yield each item that has evidence, or had, with the digest of what was last written of it, None for none.

    What was last written the log says, by the order of its lines: a row that none of them vouches for counts for
    nothing.
    """
    lines = Record.objects.filter(uuid=OuterRef("record"), action__in=ACTIONS, detail__has_key="written").values("pk")
    vouched = EvidenceWrite.objects.annotate(line=Subquery(lines)).filter(line__isnull=False)
    last = vouched.filter(item=OuterRef("pk")).order_by("-line").values("digest")[:1]
    rows = Item.objects.annotate(logged=Subquery(last)).filter(Q(provenance__isnull=False) | Q(logged__isnull=False))
    yield from (
        rows.order_by("pk").values("public_id", "provenance", "logged", "tombstone", *AXES).iterator(chunk_size=ROWS)
    )
