"""Announcements between stages. A stage publishes; ``journey.py`` alone says who follows.

Delivery is at least once: a step that was interrupted is run again, so steps are idempotent by what they act on. What
fails again and again for more than an hour is given up, and kept: `given_up` counts it, `deliver_again` takes it up.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.db.models import Model
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult, get_date_max

from openhotline.core import models
from openhotline.core.clock import now as clock_now
from openhotline.core.database import GONE, wait_for_database
from openhotline.core.together import KeyOf, Together

MOST_IDS = 500
ATTEMPTS = 12
"""The last is made 68 minutes after the first: a full disk, or a mail server that was away, is back by then."""
AT_ONCE = "at once"
"""The queue of what somebody outside waits for by the second: its jobs wait for none of the others."""

log = logging.getLogger("openhotline.events")

_kinds: dict[str, type["Event"]] = {}
_steps: dict[str, list["Step"]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened, to 1 to 500 things named by primary key. Subclasses name it in the past tense.

    ``queue``: in which its delivery waits; `AT_ONCE` for what must not wait behind other jobs.
    """

    ids: tuple[int, ...]
    kind: ClassVar[str] = ""
    queue: ClassVar[str] = "default"

    def __init_subclass__(cls) -> None:
        """Register the announcement under its class name."""
        cls.kind = cls.__name__
        _kinds[cls.kind] = cls


@dataclass(frozen=True)
class Step:
    """One line of the journey: after an event of this kind, ``do`` its ids."""

    name: str
    do: Callable[[tuple[int, ...]], object]


def follow(event: type[Event], name: str, do: Callable[[tuple[int, ...]], object]) -> None:
    """Declare that ``do(ids)`` follows ``event``; the name is kept with each delivery and must not change."""
    _steps.setdefault(event.kind, []).append(Step(name, do))


def publish(event: Event, *, now: datetime) -> None:
    """Write the event and the job that delivers it, in the caller's transaction. Splits longer lists in 500s."""
    for start in range(0, len(event.ids), MOST_IDS):
        row = models.Event.objects.create(kind=event.kind, ids=list(event.ids[start : start + MOST_IDS]), at=now)
        deliver.using(queue_name=event.queue).enqueue(row.pk)


def publish_among(event: type[Event], rows: Sequence[Model], *, among: Together, now: datetime) -> None:
    """Announce what happened to 1 to 500 rows that are not written yet: event and job are written with them."""
    announced = models.Event(kind=event.kind, ids=[KeyOf(row) for row in rows], at=now)
    job = deliver.using(queue_name=event.queue)
    among.add(
        announced,
        DBTaskResult(
            args_kwargs={"args": [KeyOf(announced)], "kwargs": {}},
            priority=job.priority,
            task_path=job.module_path,
            queue_name=job.queue_name,
            run_after=get_date_max(),
            backend_name=job.backend,
        ),
    )


def take(event_id: int) -> None:
    """Run the steps that have not yet taken this event, each recorded once it is done."""
    row = models.Event.objects.get(pk=event_id)
    done = set(row.deliveries.values_list("step", flat=True))
    for step in _steps.get(row.kind, []):
        if step.name not in done:
            step.do(tuple(row.ids))
            models.Delivery.objects.get_or_create(event=row, step=step.name, defaults={"at": clock_now()})
    models.Event.objects.filter(pk=event_id, delivered_at=None).update(delivered_at=clock_now())


@task()
def deliver(event_id: int, attempt: int = 1) -> None:
    """Let every step that follows an event take it; on failure try again later, 12 times in all."""
    try:
        take(event_id)
    except BaseException:  # an order to end, given twice, is raised in the middle of a step
        log.exception("event %s was not taken at attempt %s of %s", event_id, attempt, ATTEMPTS)
        if attempt < ATTEMPTS:
            _deliver_later(event_id, attempt)
        raise


def _deliver_later(event_id: int, attempt: int) -> None:
    # The step may have failed because the database went away. This job is written off as failed as soon as it is back,
    # so the next one has to be there by then, or nobody would ever take the announcement.
    while True:
        # The back-off is of the machine, not of the practice clock.
        later = datetime.now(UTC) + timedelta(seconds=2**attempt)
        try:
            deliver.using(run_after=later).enqueue(event_id, attempt + 1)
        except GONE:
            wait_for_database()
        else:
            return


@dataclass(frozen=True)
class GivenUp:
    """An announcement that no job is left to deliver, and the steps that have not taken it."""

    key: int
    kind: str
    at: datetime
    steps: tuple[str, ...]


def given_up() -> list[GivenUp]:
    """Return the announcements that every attempt failed for, oldest first. They wait for `deliver_again`."""
    waiting = models.Event.objects.filter(delivered_at=None)
    left = set(waiting.values_list("pk", flat=True))
    under_way = DBTaskResult.objects.filter(
        task_path=deliver.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    for given in under_way.values_list("args_kwargs", flat=True).iterator():
        left.discard(given["args"][0])
    if not left:
        return []
    # Asked once more: what was taken between the two questions is none of them.
    rows = waiting.order_by("pk").prefetch_related("deliveries")
    return [GivenUp(row.pk, row.kind, row.at, _untaken(row)) for row in rows if row.pk in left]


def _untaken(row: models.Event) -> tuple[str, ...]:
    taken = {one.step for one in row.deliveries.all()}
    return tuple(step.name for step in _steps.get(row.kind, []) if step.name not in taken)


def deliver_again(keys: Sequence[int]) -> None:
    """Write a job for each of these announcements, in the caller's transaction. No step takes one twice."""
    for key in keys:
        deliver.enqueue(key)


def kinds() -> Sequence[str]:
    """Return the names of all announcements, for the reference page."""
    return sorted(_kinds)
