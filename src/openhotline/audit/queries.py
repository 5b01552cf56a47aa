"""Reading the log: what a verification found, what was acknowledged, proofs of single records."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models import Exists, Model, OuterRef, QuerySet

from openhotline.audit.models import Checkpoint, Leaf, Record, TakenBack
from openhotline.audit.models.note import link_of, note_of
from openhotline.audit.models.tree import Tree
from openhotline.core.errors import Missing
from openhotline.core.keys import signer

ACKNOWLEDGED = "damage_acknowledged"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was signed. ``record``: the primary key of the touched row, where there is one.

    ``state`` binds an acknowledgement to what the row holds now: changed once more, it is a new fault.
    """

    sentence: str
    record: int | None = None
    state: str = ""

    @property
    def key(self) -> str:
        """Return the name under which the fault can be acknowledged, 64 hex digits."""
        return sha256(f"{self.sentence}\n{self.state}".encode()).hexdigest()


@dataclass(frozen=True)
class Verification:
    """What ``verify`` found: ``found`` is empty when the log is whole; ``known`` are faults that were acknowledged."""

    records: int
    unsealed: int
    epochs: int
    checkpoints: int
    shipped: int
    found: tuple[Fault, ...]
    known: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """True when nothing was touched but what was acknowledged."""
        return not self.found

    @property
    def faults(self) -> tuple[str, ...]:
        """Return what was found, in sentences."""
        return tuple(fault.sentence for fault in self.found)


def public_key() -> Ed25519PublicKey:
    """Return the key that this installation's checkpoints are verified with."""
    return signer("audit.key").public_key()


def acknowledged() -> set[str]:
    """Return the keys of the faults that were acknowledged in the log itself, under the signing key.

    A row that somebody put into the table without the key acknowledges nothing.
    """
    rows = Record.objects.filter(action=ACKNOWLEDGED).values_list("subject", "detail")
    return {subject for subject, detail in rows if acknowledgement_of(subject) == f"{detail.get('seal', '')}"}


def acknowledgement_of(key: str) -> str:
    """Return what only a holder of the signing key can write beside an acknowledged fault."""
    return sha256(signer("audit.key").sign(f"acknowledged {key}".encode())).hexdigest()


def proof_of(uuid: str) -> dict[str, object]:
    """Return the proof that a record stands in the log, complete in itself: content, path, checkpoint.

    Raises Missing when there is no such record or no checkpoint over it yet.
    """
    row = Record.objects.filter(uuid=uuid).first()
    leaf = Leaf.objects.filter(record_id=row.pk).first() if row else None
    if row is None or leaf is None:
        raise Missing("There is no sealed record of this name. Seal the log first: openhotline audit checkpoint.")
    head = _head_over(leaf.position)
    index = leaf.position - head.start + 1
    path = _tree(head).inclusion(index, head.head.leaves)
    return {
        "record": row.content.decode(),
        "index": index,
        "path": [step.hex() for step in path],
        "checkpoint": note_of(head.head, head.signature),
    }


def consistency_from(size: int) -> dict[str, object]:
    """Return the proof that the epoch's newest checkpoint begins with the one over ``size`` records.

    Raises Missing when no checkpoint covers exactly that many.
    """
    first = Checkpoint.objects.filter(size=size).first()
    if first is None:
        raise Missing(f"No checkpoint covers exactly {size} records.")
    head = Checkpoint.objects.filter(epoch=first.epoch).order_by("size").last()
    assert head is not None, "the first one is in this epoch"
    path = _tree(head).consistency(first.head.leaves, head.head.leaves)
    return {
        "first": note_of(first.head, first.signature),
        "path": [step.hex() for step in path],
        "checkpoint": note_of(head.head, head.signature),
    }


def count_of(action: str, measure: Callable[[Record], int] = lambda row: row.count) -> int:
    """Return how many things an action was done to, over the whole log."""
    return sum(measure(row) for row in Record.objects.filter(action=action).iterator())


def _head_over(position: int) -> Checkpoint:
    over = Checkpoint.objects.filter(start__lte=position, size__gt=position)
    head = over.order_by("size").last()
    if head is None:
        raise Missing("No checkpoint covers this record. Seal the log first: openhotline audit checkpoint.")
    return head


def _tree(head: Checkpoint) -> Tree:
    rows = Leaf.objects.filter(position__gte=head.start, position__lt=head.size).order_by("position")
    link = link_of(epoch=head.epoch, start=head.start, previous=head.previous)
    return Tree([link, *(bytes.fromhex(leaf) for leaf in rows.values_list("hash", flat=True))])


def without_certificate(rows: QuerySet[Row], kind: str) -> QuerySet[Row]:
    """Return the rows whose outside id has no certificate of this kind yet."""
    certified = TakenBack.objects.filter(kind=kind, subject=OuterRef("public_id"))
    return rows.filter(~Exists(certified))
