"""Bring new records into the tree and sign its head."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from openhotline.audit.models import Checkpoint, Leaf, Record
from openhotline.audit.services.record import leaf_hash
from openhotline.core.keys import signer

BATCH = 5000


def seal(*, now: datetime) -> Checkpoint | None:
    """Append every record that has no leaf yet, sign the new head and return it; None when there was nothing new.

    Records are taken by a list of which have a leaf, not by highest id: two transactions may commit in another order
    than they took their ids.
    """
    latest: Checkpoint | None = None
    while (step := _seal_batch(now=now)) is not None:
        latest = step
    return latest


def _seal_batch(*, now: datetime) -> Checkpoint | None:
    with transaction.atomic():
        last = Checkpoint.objects.select_for_update().order_by("-size").first()
        size = last.size if last else 0
        frontier = [(int(n), bytes.fromhex(h)) for n, h in last.frontier] if last else []
        taken = Leaf.objects.values("record_id")
        rows = list(Record.objects.exclude(pk__in=taken).order_by("pk")[:BATCH])
        if not rows:
            return None
        leaves = [Leaf(position=size + n, record_id=row.pk, hash=leaf_hash(row).hex()) for n, row in enumerate(rows)]
        Leaf.objects.bulk_create(leaves)
        grow(frontier, (bytes.fromhex(leaf.hash) for leaf in leaves))
        size += len(leaves)
        root = root_of(frontier)
        return Checkpoint.objects.create(
            size=size,
            root=root.hex(),
            frontier=[[n, h.hex()] for n, h in frontier],
            at=now,
            signature=signer("audit.key").sign(signed_text(size, root)).hex(),
        )


def signed_text(size: int, root: bytes) -> bytes:
    """Return the bytes that a checkpoint's signature covers."""
    return f"openhotline audit\n{size}\n{root.hex()}\n".encode()


def grow(frontier: list[tuple[int, bytes]], leaves: Iterable[bytes]) -> None:
    """Add leaf hashes to a frontier in place: the roots of the perfect subtrees, largest first, with their sizes."""
    for leaf in leaves:
        frontier.append((1, leaf))
        while len(frontier) > 1 and frontier[-1][0] == frontier[-2][0]:
            size, right = frontier.pop()
            _, left = frontier.pop()
            frontier.append((2 * size, _node(left, right)))


def root_of(frontier: list[tuple[int, bytes]]) -> bytes:
    """Return the RFC 6962 tree head of a frontier; of an empty tree, the hash of nothing."""
    if not frontier:
        return sha256(b"").digest()
    root = frontier[-1][1]
    for _, left in reversed(frontier[:-1]):
        root = _node(left, root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()
