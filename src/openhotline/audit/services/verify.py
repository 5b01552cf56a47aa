"""Read the whole log again and name what was touched."""

from collections.abc import Iterator

from openhotline.audit.models import Checkpoint, Leaf, Record
from openhotline.audit.queries import Verification, signature_holds
from openhotline.audit.services.record import leaf_hash
from openhotline.audit.services.seal import grow, root_of, signed_text

CHUNK = 5000


def verify() -> Verification:
    """Recompute every leaf and every checkpoint. Reads only; faults name the record or checkpoint concerned."""
    faults: list[str] = []
    heads = {head.size: head for head in Checkpoint.objects.order_by("size")}
    frontier: list[tuple[int, bytes]] = []
    size = 0
    for size, leaf, row in _walk():
        faults += _leaf_faults(size - 1, leaf, row)
        grow(frontier, [bytes.fromhex(leaf.hash)])
        if head := heads.pop(size, None):
            faults += _head_faults(head, root_of(frontier))
    faults += [f"Checkpoint over {n} records: the log now ends at {size}; its tail was cut." for n in heads]
    records = Record.objects.count()
    return Verification(records, records - size, Checkpoint.objects.count(), tuple(faults))


def _walk() -> Iterator[tuple[int, Leaf, Record | None]]:
    size = 0
    while chunk := list(Leaf.objects.filter(position__gte=size).order_by("position")[:CHUNK]):
        rows = Record.objects.in_bulk([leaf.record_id for leaf in chunk])
        for leaf in chunk:
            size += 1
            yield size, leaf, rows.get(leaf.record_id)


def _leaf_faults(position: int, leaf: Leaf, row: Record | None) -> list[str]:
    if leaf.position != position:
        return [f"Leaf {position} is missing; the next one is {leaf.position}."]
    if row is None:
        return [f"Record {leaf.record_id} (leaf {position}) was deleted."]
    if leaf_hash(row).hex() != leaf.hash:
        return [f"Record {row.pk} ({row.uuid}, {row.action}) was changed after it was sealed."]
    return []


def _head_faults(head: Checkpoint, root: bytes) -> list[str]:
    faults = []
    if head.root != root.hex():
        faults.append(f"Checkpoint over {head.size} records: its root does not follow from the leaves.")
    if not signature_holds(head, signed_text(head.size, bytes.fromhex(head.root))):
        faults.append(f"Checkpoint over {head.size} records: its signature does not hold.")
    return faults
