"""What is due by the retention table and waits for people."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from openhotline.core.errors import Missing
from openhotline.endings.models import Ended, Ending
from openhotline.endings.models.rows import Records, model_of
from openhotline.endings.models.table import ENDS
from openhotline.retention.models import RecordClass
from openhotline.retention.queries import held_subjects, record_classes
from openhotline.retention.states import End

MOST_NAMED = 20
CHUNK = 500


@dataclass(frozen=True)
class Due:
    """What is due of one class: how many, held, still needed by something open, and the first that are not held."""

    name: str
    end: End
    counted_from: str
    due: int
    held: int
    open: int
    first: tuple[str, ...]


def class_named(name: str) -> RecordClass:
    """Return a class of the table in force. Raises Missing."""
    classes = record_classes()
    if name not in classes:
        raise Missing(f"The retention table has no class {name[:40]!r}. It has: {', '.join(sorted(classes))}.")
    return classes[name]


def ending_named(name: str) -> Ending | None:
    """Return an ending by outside id."""
    return Ending.objects.filter(public_id=name).first()


def due_rows(one: RecordClass, records: Records, now: datetime) -> QuerySet[Any]:
    """Return the rows of one kind whose time is over and that have not ended, with their ``end_name``."""
    rows = records.named(records.due(one.before(now) or now)).distinct()
    return rows if records.goes else rows.exclude(public_id__in=_ended(one)) if records.has_id else rows


def _ended(one: RecordClass) -> QuerySet[Any]:
    return Ended.objects.filter(record_class=one.name).values("name")


def due_names(one: RecordClass, now: datetime, *, unheld: bool = False) -> Iterator[str]:
    """Yield the outside ids of what is due of a class: first what can end now, then what is held or still needed.

    The latter may be free once what stands before it has ended. ``unheld``: without what is held.
    """
    kept: list[str] = []
    for batch in _due_batches(one, held_subjects(now), now):
        yield from batch.free
        kept += batch.needed if unheld else [*batch.needed, *(batch.names[key] for key in batch.held)]
    yield from kept


def held_of(records: Records, keys: Collection[int], held: Collection[str]) -> dict[int, str]:
    """Return which of these rows a legal hold keeps, each with the report or item that is held."""
    found: dict[int, str] = {}
    rows = model_of(records.model)._base_manager.filter(pk__in=keys)
    for way in records.subjects if held else ():
        found |= dict(rows.filter(**{f"{way}__in": list(held)}).values_list("pk", way))
    return found


def kept_of(records: Records, keys: Collection[int]) -> dict[int, str]:
    """Return which of these rows something open keeps, each with the sentence that says what."""
    found: dict[int, str] = {}
    for kept in reversed(records.kept):
        rows = kept.among(model_of(records.model)._base_manager.filter(pk__in=keys))
        found |= dict.fromkeys(rows.values_list("pk", flat=True), kept.because)
    return found


def due_for_people(classes: Iterable[RecordClass], held: Collection[str], now: datetime) -> list[Due]:
    """Return what people have to end now, by class, whether there is any or not."""
    people = {End.A_PERSON, End.TWO_PEOPLE}
    return [_due(one, held, now) for one in classes if one.end in people and one.name in ENDS and one.days]


@dataclass(frozen=True)
class _Batch:
    """Some rows that are due: names by key, and which of them are held, or kept by something open."""

    names: dict[int, str]
    held: Collection[int]
    kept: Collection[int]

    @property
    def free(self) -> list[str]:
        return [name for key, name in self.names.items() if key not in self.held and key not in self.kept]

    @property
    def needed(self) -> list[str]:
        return [name for key, name in self.names.items() if key in self.kept]


def _due_batches(one: RecordClass, held: Collection[str], now: datetime) -> Iterator[_Batch]:
    for records in ENDS[one.name].records:
        rows = due_rows(one, records, now).values_list("pk", "end_name").iterator(chunk_size=CHUNK)
        while names := dict(islice(rows, CHUNK)):
            holds = held_of(records, names, held)
            yield _Batch(names, holds, kept_of(records, names).keys() - holds.keys())


def _due(one: RecordClass, held: Collection[str], now: datetime) -> Due:
    total = holding = waiting = 0
    first: list[str] = []
    needed: list[str] = []
    for batch in _due_batches(one, held, now):
        total, holding, waiting = total + len(batch.names), holding + len(batch.held), waiting + len(batch.kept)
        first += batch.free[: MOST_NAMED - len(first)]
        needed += batch.needed[: MOST_NAMED - len(needed)]
    return Due(one.name, one.end, one.counted_from, total, holding, waiting, tuple([*first, *needed][:MOST_NAMED]))
