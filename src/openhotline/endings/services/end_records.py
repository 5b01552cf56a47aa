"""Records of a class end, as one person or two said: a batch at a time, and what is counted stays."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.endings.models import Ended, Ending
from openhotline.endings.models.rows import NOW, Part, Records
from openhotline.endings.policies import check_ended_by_people, check_ends_records
from openhotline.endings.queries import class_named, due_rows, held_of, kept_of
from openhotline.endings.states import BATCH, EndingState
from openhotline.retention.models import RecordClass
from openhotline.retention.policies import settle_holds
from openhotline.retention.queries import held_subjects
from openhotline.retention.states import End

CHUNK = 500


@dataclass
class Told:
    """What became of an ending: how many ended, and of each that did not why, in a sentence without its name."""

    ended: int = 0
    left: dict[str, str] = field(default_factory=dict)


def end_records(
    *, ending_id: int, actor: Person, now: datetime, progress: Callable[[int], None] = lambda _done: None
) -> Told:
    """Carry out an ending: batches of one transaction and one line of the log each; return what became of it.

    Where two people end the class it uses the approval of exactly these records. What is held, not due or still
    needed stays, and is told; it can be named again later. Broken off, it is taken up where it stopped; done twice is
    done once. ``progress`` is called with how many were gone through. Raises NotAllowed, NotApproved, NotNow.
    """
    check_ends_records(actor)
    ending, one = _begin(ending_id, actor, now)
    ends, told, at = check_ended_by_people(one), Told(), 0
    if ending.state != EndingState.DONE:
        strange = set(ending.names)
        for records in ends.records:
            mine = [name for name in ending.names if name.startswith(f"{records.prefix}_")]
            strange -= set(mine)
            for start in range(max(0, ending.passed - at), len(mine), BATCH):
                _end(ending, one, records, mine[start : start + BATCH], actor=actor, now=now, told=told)
                progress(ending.passed)
            at += len(mine)
        told.left |= dict.fromkeys(sorted(strange), f"it is no record of the class {one.name}.")
        _finish(ending, told, actor, now)
    return told


def _begin(ending_id: int, actor: Person, now: datetime) -> tuple[Ending, RecordClass]:
    with transaction.atomic():
        ending = Ending.objects.select_for_update().get(pk=ending_id)
        one = class_named(ending.record_class)
        if ending.state == EndingState.DRAFTED:
            if one.end == End.TWO_PEOPLE:
                use_approval(
                    purpose=Purpose.ENDING, subject=ending.public_id, manifest_sha256=ending.manifest_sha256,
                    actor=actor, now=now,
                )  # fmt: skip
            ending.state = EndingState.BEGUN
            ending.save(update_fields=["state"])
            record(actor=actor.public_id, action="ending_begun", subject=ending.public_id, now=now, ids=ending.names)
    return ending, one


def _end(
    ending: Ending,
    one: RecordClass,
    records: Records,
    names: Sequence[str],
    *,
    actor: Person,
    now: datetime,
    told: Told,
) -> None:
    with transaction.atomic():
        if Ending.objects.select_for_update().get(pk=ending.pk).passed != ending.passed:
            raise NotNow("Somebody else is carrying this out now. Look at what came of it: openhotline retention due.")
        rows = _locked(records, names)
        left = _left(one, records, rows, names, actor=actor, now=now)
        going = {key: name for key, name in rows.items() if name not in left}
        if going:
            counts = {"gone": 0, "written": 0}
            for part in records.parts:
                counts["gone" if part.deletes else "written"] += _carry_out(part, going, now)
            if not records.goes:
                Ended.objects.bulk_create(
                    Ended(record_class=one.name, name=name, ending=ending, at=now) for name in going.values()
                )
            record(
                actor=actor.public_id, action="records_ended", subject=ending.public_id, now=now,
                ids=sorted(going.values()),
                detail={"kind": one.name, "gone": counts["gone"], "written": counts["written"], "left": len(left)},
            )  # fmt: skip
        ending.passed += len(names)
        ending.save(update_fields=["passed"])
    told.ended += len(going)
    told.left |= left


def _locked(records: Records, names: Sequence[str]) -> dict[int, str]:
    """Lock the rows of these names, where no legal hold can be placed beside it; return the names by key."""
    settle_holds()
    rows = records.by_name(list(names)).select_for_update(of=("self",)).order_by("pk")
    return dict(rows.values_list("pk", "end_name"))


def _left(
    one: RecordClass,
    records: Records,
    rows: Mapping[int, str],
    names: Sequence[str],
    *,
    actor: Person,
    now: datetime,
) -> dict[str, str]:
    """Return what does not end now, each with why. Holds are asked for under the locks."""
    held = held_subjects(now)
    because = kept_of(records, rows)
    due = set(due_rows(one, records, now).filter(pk__in=list(rows)).values_list("pk", flat=True))
    over = set(Ended.objects.filter(record_class=one.name, name__in=names).values_list("name", flat=True))
    because |= {key: f"its time is not over: {_time(one)}." for key in rows if key not in due and key not in because}
    because |= {
        key: held[by] if rows[key] == by else f"{by} must be kept: {held[by]}"
        for key, by in held_of(records, list(rows), held).items()
    }
    because |= dict.fromkeys(_about(actor, records, rows), "it is about you. Somebody else has to end it.")
    left = {rows[key]: why for key, why in because.items()}
    left |= dict.fromkeys(over, "it has ended already.")
    return left | dict.fromkeys(set(names) - set(rows.values()), "there is no such record, or it has ended already.")


def _time(one: RecordClass) -> str:
    return f"{one.days} days, counted from when {one.counted_from}" if one.days else "see what ends it"


def _about(actor: Person, records: Records, rows: Mapping[int, str]) -> list[int]:
    if records.model == "accounts.Person":
        return [key for key, name in rows.items() if name == actor.public_id]
    if records.model == "exposure.Alert":
        mine = records.by_name(list(rows.values())).filter(person=actor.public_id)
        return list(mine.values_list("pk", flat=True))
    return []


def _carry_out(part: Part, going: Mapping[int, str], now: datetime) -> int:
    """Do to the rows of one part what is said of them; return of how many."""
    which = list(going.values()) if part.named else list(going)
    rows = part.rows.filter(**{f"{part.by}__in": which})
    if part.deletes:
        keys = list(rows.values_list("pk", flat=True).distinct())
        # What still points to one of them refuses to let it go, and with it the whole batch.
        return sum(part.rows.filter(pk__in=some).delete()[0] for some in _chunks(keys))
    for column, rewrite in part.rewrites.items():
        _rewrite(part, rows, column, rewrite)
    columns = {name: now if value is NOW else value for name, value in (part.columns or {}).items()}
    keys = list(rows.values_list("pk", flat=True).distinct())
    return sum(part.rows.model._base_manager.filter(pk__in=some).update(**columns) for some in _chunks(keys))


def _rewrite(part: Part, rows: Any, column: str, rewrite: Callable[[Any], Any]) -> None:
    changed = list(rows.only("pk", column))
    for row in changed:
        setattr(row, column, rewrite(getattr(row, column)))
    part.rows.model._base_manager.bulk_update(changed, [column], batch_size=CHUNK)


def _finish(ending: Ending, told: Told, actor: Person, now: datetime) -> None:
    with transaction.atomic():
        ending.state, ending.done_at = EndingState.DONE, now
        ending.save(update_fields=["state", "done_at"])
        record(
            actor=actor.public_id, action="ending_done", subject=ending.public_id, now=now, ids=ending.names,
            detail={"kind": ending.record_class, "left": len(told.left)},
        )  # fmt: skip


def _chunks(all_: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(all_), CHUNK):
        yield all_[start : start + CHUNK]
