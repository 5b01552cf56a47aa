"""Announcements, jobs and sign-ins that are over are deleted: they say nothing any more."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from openhotline.audit.services.record import record
from openhotline.core.models import Delivery, Event

BATCH = 1000
OVER = [TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED]


def clear_machinery(*, announcements: datetime, jobs: datetime, sessions: datetime, actor: str, now: datetime) -> int:
    """Delete up to 1,000 of each that were over before these moments, one transaction each; return how many.

    What was not delivered, and what waits or runs, stays however old it is.
    """
    kinds: dict[str, Callable[[], int]] = {
        "announcements": lambda: _announcements(announcements),
        "jobs": lambda: _jobs(jobs),
        "sessions": lambda: _sessions(sessions),
    }
    done = 0
    for kind, delete in kinds.items():
        with transaction.atomic():
            many = delete()
            if many:
                record(actor=actor, action="machinery_cleared", subject=kind, now=now, detail={"deleted": many})
        done += many
    return done


def _announcements(before: datetime) -> int:
    rows = Event.objects.filter(delivered_at__lt=before).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:BATCH])
    Delivery.objects.filter(event__in=keys).delete()
    Event.objects.filter(pk__in=keys).delete()
    return len(keys)


def _jobs(before: datetime) -> int:
    rows = DBTaskResult.objects.filter(status__in=OVER, finished_at__lt=before)
    keys = list(rows.values_list("pk", flat=True)[:BATCH])
    DBTaskResult.objects.filter(pk__in=keys).delete()
    return len(keys)


def _sessions(before: datetime) -> int:
    keys = list(Session.objects.filter(expire_date__lt=before).values_list("pk", flat=True)[:BATCH])
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
