"""Bring new records into the tree and sign its head."""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from openhotline.audit.models import Checkpoint, Leaf, Record
from openhotline.audit.models.note import Head, holds, link_of, sign
from openhotline.audit.models.tree import Frontier, grow, root_of
from openhotline.core.keys import signer
from openhotline.core.one_at_a_time import one_at_a_time

BATCH = 5000
NEARLY = 10_000
# An epoch is a tree of its own: what is damaged in one says nothing against the others.
RECORDS_AN_EPOCH = 1024


def seal(*, now: datetime, thorough: bool = True) -> Checkpoint | None:
    """Append every record that has no leaf yet, sign the new head and return it; None when there was nothing new.

    Records are taken by a list of which have a leaf, not by highest id: two transactions may commit in another order
    than they took their ids. Without ``thorough`` only the newest 10,000 ids are looked through, which takes the same
    time however long the log is; what a transaction of that length leaves behind waits for the next thorough sealing.
    """
    latest: Checkpoint | None = None
    while (step := _seal_batch(now=now, after=0 if thorough else _nearly_new())) is not None:
        latest = step
    return latest


def _nearly_new() -> int:
    """Return an id after which to look. Not by the last leaf alone: a touched one must not stop the sealing."""
    newest, leaf = Record.objects.order_by("-pk").first(), Leaf.objects.order_by("-position").first()
    ends = [newest.pk if newest else 0, leaf.record_id if leaf else 0]
    return max(0, min(ends) - NEARLY)


def _seal_batch(*, now: datetime, after: int) -> Checkpoint | None:
    with transaction.atomic():
        one_at_a_time("seal the log")
        last = Checkpoint.objects.order_by("-number").first()
        epoch = _Epoch.after(last) if last is None or _is_sound(last) else _Epoch.after_damage(last)
        left = RECORDS_AN_EPOCH - (epoch.size - epoch.start)
        taken = Leaf.objects.filter(record_id=OuterRef("pk"))
        rows = list(Record.objects.filter(~Exists(taken), pk__gt=after).order_by("pk")[: min(BATCH, left)])
        if not rows:
            return None
        leaves = [(epoch.size + n, row.pk, row.leaf) for n, row in enumerate(rows)]
        Leaf.objects.bulk_create(Leaf(position=n, record_id=key, hash=leaf.hex()) for n, key, leaf in leaves)
        for _, _, leaf in leaves:
            grow(epoch.frontier, leaf)
        return _signed(epoch, size=epoch.size + len(rows), number=last.number + 1 if last else 1, now=now)


def _is_sound(last: Checkpoint) -> bool:
    """Say whether the tree can be grown from a checkpoint: it was signed here, and its frontier gives its root."""
    try:
        frontier = [(int(n), bytes.fromhex(h)) for n, h in last.frontier]
    except (ValueError, TypeError):
        return False
    return holds(last.head, last.signature, signer("audit.key").public_key()) and root_of(frontier).hex() == last.root


class _Epoch:
    """The epoch that is being filled: the last one, or the next when that is full."""

    def __init__(self, number: int, start: int, previous: str) -> None:
        self.number, self.start, self.size, self.previous = number, start, start, previous
        self.frontier: Frontier = [(1, link_of(epoch=number, start=start, previous=previous))]

    @classmethod
    def after(cls, last: Checkpoint | None) -> "_Epoch":
        if last is None:
            return cls(0, 0, "")
        if last.size - last.start >= RECORDS_AN_EPOCH:
            return cls(last.epoch + 1, last.size, last.root)
        epoch = cls(last.epoch, last.start, last.previous)
        epoch.size = last.size
        epoch.frontier = [(int(n), bytes.fromhex(h)) for n, h in last.frontier]
        return epoch

    @classmethod
    def after_damage(cls, last: Checkpoint) -> "_Epoch":
        """Begin anew behind the last leaf: nothing is signed that a touched checkpoint says."""
        leaf = Leaf.objects.order_by("-position").first()
        return cls(last.epoch + 1, leaf.position + 1 if leaf else 0, "")


def _signed(epoch: _Epoch, *, size: int, number: int, now: datetime) -> Checkpoint:
    root = root_of(epoch.frontier).hex()
    at = now.astimezone(UTC)
    head = Head(number, epoch.number, epoch.start, size, epoch.previous, root, at)
    return Checkpoint.objects.create(
        number=number,
        epoch=epoch.number,
        start=epoch.start,
        size=size,
        previous=epoch.previous,
        root=root,
        frontier=[[n, h.hex()] for n, h in epoch.frontier],
        at=at,
        signature=sign(head, signer("audit.key")),
    )
