"""How often entries were met by members that stop uploads is written, by entry and day and for all members together."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import DatabaseError, connection, transaction

from openhotline.audit.services.record import record
from openhotline.hashlists.models import Entry
from openhotline.hashlists.models.entry_met import Meetings

BATCH = 500
# One statement, so that of two processes that write the same entry neither loses the other's.
_ADD = """
INSERT INTO hashlists_entrymet AS m (entry_id, day, times) VALUES {}
ON CONFLICT (entry_id, day) DO UPDATE SET times = m.times + excluded.times
"""
meetings = Meetings()


def keep_met(*, actor: str, now: datetime, all_of_them: bool = False) -> int:
    """Write what this process's lookups met and has lain for ten seconds; return of how many entries.

    Canaries are no entries and are left out here, after the answer: nothing about a lookup tells them apart. Nobody can
    say later which member met what: neither the rows nor the log name one, nor does the log name the entries.
    """
    taken = meetings.take(now, all_of_them=all_of_them)
    if not taken:
        return 0
    try:
        with transaction.atomic():
            rows = _of_entries(taken)
            for at in range(0, len(rows), BATCH):
                _add(rows[at : at + BATCH])
            if rows:
                record(
                    actor=actor,
                    action="met_counted",
                    subject="entries",
                    now=now,
                    detail={"entries": len(rows)},
                )
    except DatabaseError:
        meetings.give_back(taken, now)
        raise
    return len(rows)


def _of_entries(taken: Counter[tuple[str, date]]) -> list[tuple[int, date, int]]:
    names = sorted({entry for entry, _ in taken})
    keys: dict[str, int] = {}
    for at in range(0, len(names), BATCH):
        found = Entry.objects.filter(public_id__in=names[at : at + BATCH])
        keys.update(found.values_list("public_id", "pk"))
    # In one order, so that two processes wait for each other in turn.
    return sorted((keys[entry], day, times) for (entry, day), times in taken.items() if entry in keys)


def _add(rows: Iterable[tuple[int, date, int]]) -> None:
    values = [(entry, connection.ops.adapt_datefield_value(day), times) for entry, day, times in rows]
    with connection.cursor() as cursor:
        text = _ADD.format(", ".join(["(%s, %s, %s)"] * len(values)))
        cursor.execute(text, [one for row in values for one in row])
