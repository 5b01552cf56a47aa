"""A hotline's tables for `bench_triage.py`: triaged items of random hashes, and a list of pictures that grows."""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
BATCH = 5_000
SHARE_NEAR = 0.2
Hashes = NDArray[np.uint8]


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 2)


def matched(items: int, growth: float) -> dict[str, Any]:
    """Look for new lines in eight positions among the items, with nothing but hashes at hand."""
    from hashmatch import Index, turned

    dice = np.random.default_rng(1)
    hashes = dice.integers(0, 256, (items, 32), np.uint8)
    new = dice.integers(0, 256, (int(items * growth), 32), np.uint8)
    made: list[Index] = []
    building = seconds(lambda: made.append(Index.build(hashes, np.arange(items, dtype=np.int64))))
    searching = seconds(lambda: made[0].search(turned(new).reshape(-1, 32)))
    return {"items": items, "lines_new": len(new), "seconds_to_build": building, "seconds_to_search": searching}


def grown(items: int, growth: float) -> dict[str, Any]:
    """Triage `items`, with a list as long; let the list grow by a share, and follow every event until none is left."""
    os.environ.pop("OPENHOTLINE_DATABASE_URL", None)
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as folder:
        from faults.databases import set_up

        set_up(Path(folder) / "var", "")
        told = _grown(items, growth)
        from django.db import connections

        connections.close_all()
        return told


def _grown(items: int, growth: float) -> dict[str, Any]:
    from openhotline.core.clock import now
    from openhotline.triage.models import Match

    dice, moment = np.random.default_rng(1), now()
    hashes = dice.integers(0, 256, (items, 32), np.uint8)
    told: dict[str, Any] = {"items": items, "lines_before": items, "lines_new": int(items * growth)}
    told["seconds_to_make_the_tables"] = seconds(lambda: (_items(hashes, moment), _list(dice, items, moment)))
    new = dice.integers(0, 256, (told["lines_new"], 32), np.uint8)
    near = dice.choice(items, int(len(new) * SHARE_NEAR), replace=False)
    new[: len(near)] = hashes[near]
    new[: len(near), 0] ^= 1  # one bit away
    told |= _followed(new, moment)
    told["items_matched"] = Match.objects.values("item_id").distinct().count()
    told["items_that_should_match"] = len(near)
    told["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return told


def _items(hashes: Hashes, moment: datetime) -> None:
    """Items that wait for a sheet, each a stack of its own."""
    from openhotline.evidence.models import Item
    from openhotline.evidence.states import ItemState
    from openhotline.triage.models import Selection, Stack, StackMember

    def item(number: int) -> Item:
        return Item(
            lookup=f"{number:064x}", digests="{}", bytes=1, state=ItemState.EXAMINED, width=640, height=480,
            pdq=bytes(hashes[number]).hex(), quality=100, ai_involvement="none_found", real_basis="unknown",
            suspects_altered_real=False, sealed_at=moment, examined_at=moment,
        )  # fmt: skip

    _inserted(Item, item, len(hashes), ("public_id", "lookup", "digests", "pdq"))
    first = Item.objects.order_by("pk").first()
    reasons = [["possibly_real", 20], ["possibly_unknown", 15]]
    # One row of each is written by its model, and the others are that row with another item's keys.
    stack = Stack.objects.create(leader=first, members=1, points=35, reasons=reasons, waiting=True, created_at=moment)
    _like(stack, public_id="'stk_' || item.id", leader_id="item.id")
    member = StackMember.objects.create(stack=stack, item=first, part=first, distance=0, part_distance=0, apart=False)
    of_stack = "(SELECT id FROM triage_stack WHERE leader_id = item.id)"
    _like(member, stack_id=of_stack, item_id="item.id", part_id="item.id")
    _like(Selection.objects.create(item=first, at=moment, points=35, reasons=reasons), item_id="item.id")


def _like(row: Any, **columns: str) -> None:
    """Write a row like this one for every further item, but for these columns."""
    from django.db import connection

    table, names = row._meta.db_table, [one.column for one in row._meta.concrete_fields if not one.primary_key]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(columns.get(name, f'model."{name}"') for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {values} "  # noqa: S608 - names of our own columns
            f"FROM evidence_item AS item, {table} AS model WHERE model.id = {row.pk} "
            "AND item.id > (SELECT MIN(id) FROM evidence_item) ORDER BY item.id"
        )


def _list(dice: np.random.Generator, lines: int, moment: datetime) -> None:
    from openhotline.hashlists.models import KnownList, KnownPicture
    from openhotline.hashlists.states import Verdict

    known = KnownList.objects.create(name="theirs", verdict=Verdict.KNOWN, added_at=moment)
    hashes = dice.integers(0, 256, (lines, 32), np.uint8)

    def line(number: int) -> KnownPicture:
        pdq = bytes(hashes[number]).hex()
        return KnownPicture(known_list=known, lookup=f"{number:064x}", pdq=pdq, imported_at=moment)

    _inserted(KnownPicture, line, lines, ("public_id", "lookup", "pdq"))


def _inserted(model: type[Any], row: Callable[[int], Any], many: int, differ: tuple[str, ...]) -> None:
    """Write so many rows, each prepared as its model prepares it where they ``differ``, all else as in the first."""
    from django.db import connection, transaction

    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    same = {one.name: one.get_db_prep_save(one.pre_save(row(0), add=True), connection) for one in fields}
    changing = [one for one in fields if one.name in differ]

    def values(number: int) -> list[Any]:
        made = row(number)
        own = {one.name: one.get_db_prep_save(getattr(made, one.attname), connection) for one in changing}
        return [own.get(one.name, same[one.name]) for one in fields]

    quoted, places = ", ".join(f'"{one.column}"' for one in fields), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {model._meta.db_table} ({quoted}) VALUES ({places})"  # noqa: S608 - as above
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, many, BATCH):
            cursor.executemany(statement, [values(number) for number in range(start, min(start + BATCH, many))])


def _followed(new: Hashes, moment: datetime) -> dict[str, Any]:
    """Import the new lines, then take event after event as a worker does; return what each kind of step took."""
    from openhotline.core import events
    from openhotline.core.models import Event
    from openhotline.hashlists.queries.known import PICTURES
    from openhotline.hashlists.services.import_known import import_known
    from openhotline.hashlists.states import HashKind, Verdict
    from openhotline.triage.queries.concerned import ITEMS

    lines = [bytes(one).hex() for one in new]
    loading = {
        "items": seconds(lambda: ITEMS.search(new[:1])),
        "list": seconds(lambda: PICTURES.search(new[:1])),
    }
    importing = seconds(
        lambda: import_known(
            list_name="theirs", verdict=Verdict.KNOWN, lines=lines, kind=HashKind.PDQ, actor="bench", now=moment
        )
    )
    taken: dict[str, list[float]] = {}
    while (row := Event.objects.filter(delivered_at=None).order_by("pk").first()) is not None:
        taken.setdefault(row.kind, []).append(seconds(lambda key=row.pk: events.take(key)))
    steps = {
        kind: {"steps": len(each), "seconds": round(sum(each), 2), "longest_step": max(each)}
        for kind, each in sorted(taken.items())
    }
    return {
        "seconds_to_load_the_indexes_once_a_process": loading,
        "seconds_to_import_the_new_lines": importing,
        "steps_by_event": steps,
        "seconds_in_all_after_the_import": round(sum(one["seconds"] for one in steps.values()), 2),
    }
