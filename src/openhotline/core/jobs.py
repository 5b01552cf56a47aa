"""Background work: rows written with the change, tried again with back-off, and freed when a worker dies.

django-tasks-db keeps the rows and the worker; what it lacks (retries, leases) is here. Work that is due at a
moment of the practice clock is no job but a due row, looked at by ``tick``.
"""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, get_date_max

from openhotline.core.database import GONE, wait_for_database
from openhotline.core.events import AT_ONCE

LEASE = timedelta(minutes=15)
NO_TIME = timedelta(0)
BESIDE_SECONDS = 0.25
log = logging.getLogger("openhotline.jobs")


def sweep(*, older_than: timedelta = LEASE) -> int:
    """Give back jobs whose worker died while it held them (claimed longer ago than ``older_than``); return how many."""
    held = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=datetime.now(UTC) - older_than)
    with transaction.atomic():
        return int(held.update(status=TaskResultStatus.READY, run_after=get_date_max(), worker_ids=[]))


def worker(*, batch: bool, interval: float = 0.1, queue: str = "*") -> Worker:
    """Return a worker over all queues, or one of them; ``batch`` ends it when nothing is ready."""
    return Worker(
        queue_names=[queue],
        interval=interval,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=uuid.uuid4().hex,
        excluded_queue_names=[],
    )


def run() -> None:
    """Run jobs until this process is told to end.

    A database that goes away is waited for; what this worker held then is given back at once, not after its lease.
    """
    while True:
        running = worker(batch=False)
        running.configure_signals()
        if _ran(running):
            return


def _ran(running: Worker) -> bool:
    """Run jobs until the worker ends; return False when the database went away meanwhile and is back."""
    try:
        running.run()
    except GONE as error:
        log.error("the database went away: %s", str(error).strip())  # noqa: TRY400 - a trace adds nothing
        wait_for_database()
        give_back(running.worker_id)
        return False
    return True


@contextmanager
def at_once() -> Iterator[None]:
    """While the block lasts, run the jobs of the queue `AT_ONCE` in a thread of their own, beside the worker.

    So a capture or a video that takes minutes never stands before them. At the end the one in hand is finished.
    """
    beside = _Beside()
    beside.start()
    try:
        yield
    finally:
        beside.end()


class _Beside(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="at once")
        self._ended = False
        self._worker = worker(batch=False, interval=BESIDE_SECONDS, queue=AT_ONCE)

    def run(self) -> None:
        """Run jobs, also after the database was away."""
        while not self._ended and not _ran(self._worker):
            self._worker = worker(batch=False, interval=BESIDE_SECONDS, queue=AT_ONCE)
        connection.close()

    def end(self) -> None:
        """Take no further job, and return when the last is done."""
        self._ended = True
        self._worker.running = False
        self.join()


def give_back(worker_id: str) -> int:
    """Make the jobs ready again that a worker held when it stopped working; return how many."""
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    held = [job.pk for job in running.only("pk", "worker_ids") if worker_id in job.worker_ids]
    ready = DBTaskResult.objects.filter(pk__in=held)
    return int(ready.update(status=TaskResultStatus.READY, run_after=get_date_max(), worker_ids=[]))


def drain() -> None:
    """Run every ready job in this process until none is left."""
    worker(batch=True, interval=0).run()


def waiting() -> int:
    """Return how many jobs are ready or running."""
    return int(DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]).count())
