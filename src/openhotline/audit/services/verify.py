"""Read the whole log again and name what was touched.

1. Every checkpoint is read in order and its signature verified; one that does not hold is named and trusted no further.
2. Between two checkpoints every leaf is compared with its record and added to the epoch's tree; the tree's root must be
   the signed one. A root tells which side of a difference was touched: the record or the leaf.
3. An epoch starts from what its own checkpoints sign, so damage in one ends nothing in another.
4. Checkpoints in the second place are compared on the way. They alone show a log that was cut, rolled back, or computed
   again as a whole by somebody with the signing key.

Only one epoch's differences and one chunk of rows are in memory at a time.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import zip_longest

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models import Exists, OuterRef, QuerySet

from openhotline.audit.errors import NoteRefused
from openhotline.audit.models import Checkpoint, Leaf, Record, SecondPlace
from openhotline.audit.models.guards import missing_guards
from openhotline.audit.models.note import holds, link_of
from openhotline.audit.models.tree import Frontier, grow, root_of
from openhotline.audit.queries import Fault, Verification, acknowledged, public_key

CHUNK = 2000
# No transaction lasts longer than this from its record to its commit; a clock set back by more is seen as well.
LATEST = timedelta(hours=1)
Tell = Callable[[int, int], None]


def silent(_done: int, _of: int) -> None:
    """Tell nobody how far it is."""


def verify(
    *, shipped: SecondPlace | None = None, key: Ed25519PublicKey | None = None, tell: Tell = silent
) -> Verification:
    """Recompute every leaf and every checkpoint, and compare with those in the second place. Reads only.

    ``key`` is the public key as kept elsewhere, for when the installation's own may have been replaced; ``tell`` is
    called with records done and all there are.
    """
    reading = _Reading(shipped, key or public_key(), tell)
    known = acknowledged()
    found = list(reading.faults())
    return Verification(
        records=Record.objects.count(),
        unsealed=reading.unsealed,
        epochs=reading.epoch + 1,
        checkpoints=reading.heads,
        shipped=reading.compared,
        found=tuple(fault for fault in found if fault.key not in known),
        known=tuple(fault for fault in found if fault.key in known),
    )


class _Reading:
    """One pass over the log: where it is, and the tree of the epoch so far."""

    def __init__(self, shipped: SecondPlace | None, key: Ed25519PublicKey, tell: Tell) -> None:
        self.shipped, self.key, self.tell = shipped, key, tell
        self.total = Leaf.objects.count()
        self.key_before = self.position = self.unsealed = self.heads = self.compared = 0
        self.epoch, self.start = -1, 0
        self.frontier: Frontier = []
        # The same tree with every leaf as its record has it now; None while there is no difference.
        self.recomputed: Frontier | None = None
        self.differing: list[tuple[Fault, Fault]] = []
        # What is wrong with this epoch's tree was said: its further roots cannot be right.
        self.lost = False
        self.kept: dict[int, list[str]] = {}
        self.last: Checkpoint | None = None
        # When the log was sealed the time before: one sealing can sign several checkpoints, of the same moment.
        self.sealed_before: datetime | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is not as it was signed."""
        for head in Checkpoint.objects.order_by("number").iterator(chunk_size=CHUNK):
            self.heads += 1
            if head.number != self.heads:
                yield Fault(f"Checkpoint {self.heads} is missing; the next one is {head.number}.")
                self.heads = head.number
            if holds(head.head, head.signature, self.key):
                if self.last and self.last.at < head.at:
                    self.sealed_before = self.last.at
                yield from self._up_to(head)
                self.last = head
            else:
                yield Fault(
                    f"Checkpoint {head.number}: its signature does not hold.", state=f"{head.head} {head.signature}"
                )
        yield from self._after_the_last()
        yield from (Fault(sentence) for sentence in missing_guards())

    def _up_to(self, head: Checkpoint) -> Iterator[Fault]:
        if head.epoch != self.epoch:
            yield from self._open_epoch(head)
        yield from self._leaves(head.size, head)
        yield from self._judge(head)

    def _open_epoch(self, head: Checkpoint) -> Iterator[Fault]:
        yield from self._leaves(head.start, head)
        if head.start and not self.lost and head.previous not in self._roots():
            yield from self._lose(f"Epoch {self.epoch}: its end is not the one that the next epoch was signed with.")
        yield from self._name_records()
        yield from self._close_epoch()
        self.epoch, self.start, self.lost = head.epoch, head.start, head.start != self.position
        self.position = head.start
        self.frontier = [(1, link_of(epoch=head.epoch, start=head.start, previous=head.previous))]
        self.recomputed = None
        yield from self._read_second_place()

    def _judge(self, head: Checkpoint) -> Iterator[Fault]:
        """Say by the signed root which side of each difference was touched."""
        if self.lost:
            yield from self._name_records()
        elif head.root == root_of(self.frontier).hex():
            yield from (record for record, _ in self.differing)
            # The leaves are right, so the tree goes on with them.
            self.recomputed, self.differing = None, []
            if head.frontier != [[n, h.hex()] for n, h in self.frontier]:
                yield Fault(f"Checkpoint {head.number}: its frontier was changed.", state=str(head.frontier))
        elif self.recomputed is not None and head.root == root_of(self.recomputed).hex():
            yield from (leaf for _, leaf in self.differing)
            self.frontier, self.recomputed, self.differing = self.recomputed, None, []
        else:
            since = self.last.size if self.last and self.last.epoch == head.epoch else head.start
            yield from self._lose(
                f"Checkpoint {head.number}: its root does not follow from the leaves. The fault is in one of the "
                f"records {since + 1} to {head.size} of the log, counted from 1."
            )

    def _lose(self, sentence: str) -> Iterator[Fault]:
        yield from self._name_records()
        self.lost = True
        yield Fault(sentence, state=root_of(self.frontier).hex())

    def _name_records(self) -> Iterator[Fault]:
        # No root says which side was touched, so the side that matters is named.
        yield from (record for record, _ in self.differing)
        self.differing = []

    def _leaves(self, end: int, head: Checkpoint) -> Iterator[Fault]:
        """Read the leaves before position ``end`` and compare each with its record."""
        while self.position < end:
            wanted = Leaf.objects.filter(position__gte=self.position, position__lt=min(end, self.position + CHUNK))
            chunk = list(wanted.order_by("position").values_list("position", "record_id", "hash"))
            rows = Record.objects.in_bulk([key for _, key, _ in chunk])
            ends = min(end, self.position + CHUNK)
            for place, key, stored in chunk:
                yield from self._gap(place, key)
                yield from self._leaf(key, stored, rows.get(key), head)
                self.key_before = key
            yield from self._gap(ends, None)
            self.tell(min(self.position, self.total), self.total)

    def _gap(self, place: int, key: int | None) -> Iterator[Fault]:
        """Name the leaves that are missing before position ``place``, and the records that they will have stood for."""
        if place == self.position:
            return
        self.lost = True
        between = _without_leaf().filter(pk__gt=self.key_before, **({} if key is None else {"pk__lt": key}))
        records = list(between.order_by("pk")[: place - self.position])
        for missing, row in zip_longest(range(self.position, place), records):
            whose = f"; it stood for record {row.pk} ({row.uuid}, {row.action})" if row else ""
            yield Fault(f"Leaf {missing} is missing{whose}.", row.pk if row else None)
        self.position = place

    def _leaf(self, key: int, stored: str, row: Record | None, head: Checkpoint) -> Iterator[Fault]:
        hashed = _hash(stored)
        actual = row.leaf if row else None
        if actual != hashed:
            self.recomputed = self.recomputed if self.recomputed is not None else list(self.frontier)
            self.differing.append(_both(self.position, key, stored, row))
        elif row is not None:
            yield from self._time_of(row, head)
        grow(self.frontier, hashed or b"")
        if self.recomputed is not None:
            grow(self.recomputed, actual or b"")
        self.position += 1
        yield from self._compare()

    def _time_of(self, row: Record, head: Checkpoint) -> Iterator[Fault]:
        """A record that was not there when the log was sealed before cannot be older than that."""
        if (self.sealed_before and row.at < self.sealed_before - LATEST) or row.at > head.at + LATEST:
            yield Fault(
                f"Record {row.pk} ({row.uuid}, {row.action}) says {row.at.isoformat()} and was first sealed at "
                f"{head.at.isoformat()}: it was put in later, or the clock was set.",
                row.pk,
            )

    def _roots(self) -> set[str]:
        trees = [self.frontier] if self.recomputed is None else [self.frontier, self.recomputed]
        return {root_of(tree).hex() for tree in trees}

    def _read_second_place(self) -> Iterator[Fault]:
        self.kept = {}
        if self.shipped is None:
            return
        notes = self.shipped.notes(self.epoch)
        while True:
            try:
                path, head, signature = next(notes)
            except StopIteration:
                return
            except (NoteRefused, OSError, UnicodeDecodeError) as error:
                yield Fault(f"A file of epoch {self.epoch} in the second place is no checkpoint: {error}")
                return
            if head.epoch != self.epoch or not holds(head, signature, self.key):
                yield Fault(f"Shipped checkpoint {path.name}: its signature does not hold under the key in use.")
                continue
            self.kept.setdefault(head.size, []).append(head.root)

    def _compare(self) -> Iterator[Fault]:
        """Compare the tree so far with what was shipped over exactly as many records."""
        for root in self.kept.pop(self.position, ()):
            self.compared += 1
            if root not in self._roots():
                yield Fault(
                    f"The shipped checkpoint over {self.position} records has another root ({root[:16]}…): the log was "
                    "changed since, or computed again as a whole."
                )

    def _close_epoch(self) -> Iterator[Fault]:
        for size, roots in sorted(self.kept.items()):
            for root in roots:
                yield from self._cut(size, root)
        self.kept = {}

    def _after_the_last(self) -> Iterator[Fault]:
        yield from self._name_records()
        yield from self._close_epoch()
        if self.shipped is not None:
            for epoch in self.shipped.epochs():
                if epoch > self.epoch:
                    head = max((head for _, head, _ in self.shipped.notes(epoch)), key=lambda head: head.size)
                    yield from self._cut(head.size, head.root)
        beyond = Leaf.objects.filter(position__gte=self.position).order_by("position").first()
        newest = Checkpoint.objects.order_by("-number").first()
        if beyond is not None and (newest is None or newest.size <= beyond.position):
            yield Fault(f"Leaf {beyond.position} and those after it stand under no checkpoint.", beyond.record_id)
        yield from self._unsealed()

    def _cut(self, size: int, root: str) -> Iterator[Fault]:
        # Not when it was made while this was reading.
        if not Checkpoint.objects.filter(size=size, root=root, number__gt=self.heads).exists():
            yield Fault(
                f"A shipped checkpoint covers {size} records and the log now ends at {self.position}: its tail was "
                "cut, or an old database was brought back.",
                state=root,
            )

    def _unsealed(self) -> Iterator[Fault]:
        rows = _without_leaf().order_by("pk")
        self.unsealed = rows.count()
        if self.last is None:
            return
        for row in rows.filter(at__lt=self.last.at - LATEST).iterator(chunk_size=CHUNK):
            yield Fault(
                f"Record {row.pk} ({row.uuid}, {row.action}) is older than the last checkpoint and not under it: it "
                "was put in later, or lost its leaf.",
                row.pk,
                row.leaf.hex(),
            )


def _without_leaf() -> QuerySet[Record]:
    return Record.objects.filter(~Exists(Leaf.objects.filter(record_id=OuterRef("pk"))))


def _both(position: int, key: int, stored: str, row: Record | None) -> tuple[Fault, Fault]:
    """Return the two ways to tell a difference: the record was touched, or its leaf."""
    if row is None:
        gone = Fault(f"Record {key} (leaf {position}) was deleted.", key)
        return gone, gone
    name = f"Record {row.pk} ({row.uuid}, {row.action})"
    state = f"{stored} {row.leaf.hex()}"
    return (
        Fault(f"{name} was changed after it was sealed.", row.pk, state),
        Fault(f"Leaf {position} was changed; {name} is as it was signed.", row.pk, state),
    )


def _hash(stored: str) -> bytes | None:
    try:
        return bytes.fromhex(stored)
    except ValueError:
        return None
