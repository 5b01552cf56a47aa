"""Jobs that their worker no longer holds are done by another."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from openhotline.core import jobs
from openhotline.core.events import publish
from openhotline.core.models import Event
from openhotline.hashlists.events import EditionsDue, ReleasePublished
from openhotline.intake.events import ReportReceived

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed(now: datetime) -> DBTaskResult:
    """A job that a worker has begun."""
    publish(ReportReceived(ids=(1,)), now=now)
    job = DBTaskResult.objects.latest("pk")
    job.claim("worker-1")
    return job


def test_a_job_held_longer_than_its_lease_is_given_back(claimed: DBTaskResult) -> None:
    assert jobs.sweep() == 0
    DBTaskResult.objects.update(started_at=datetime.now(UTC) - jobs.LEASE - timedelta(seconds=1))
    assert jobs.sweep() == 1
    assert DBTaskResult.objects.ready().get().pk == claimed.pk


def test_a_worker_gives_back_its_own_jobs_only(claimed: DBTaskResult) -> None:
    assert jobs.give_back("worker-2") == 0
    assert jobs.give_back("worker-1") == 1
    assert DBTaskResult.objects.get(pk=claimed.pk).status == TaskResultStatus.READY


@pytest.mark.parametrize("gone", [OperationalError, InterfaceError])
def test_a_database_that_goes_away_is_waited_for(
    claimed: DBTaskResult, monkeypatch: pytest.MonkeyPatch, gone: type[Exception]
) -> None:
    """The worker that held the job is the one that saw the database go; the next one ends as it was told."""
    runs = []

    def run(worker: Worker) -> None:
        runs.append(worker.worker_id)
        if len(runs) == 1:
            DBTaskResult.objects.update(worker_ids=[worker.worker_id])
            raise gone("the server closed the connection")

    monkeypatch.setattr(Worker, "run", run)
    monkeypatch.setattr(Worker, "configure_signals", lambda _worker: None)
    monkeypatch.setattr(jobs, "wait_for_database", lambda: None)
    jobs.run()
    assert len(runs) == 2
    assert DBTaskResult.objects.ready().count() == 1


def test_what_members_wait_for_is_run_beside_whatever_the_worker_is_at(now: datetime) -> None:
    """A release is taken by the thread for it, though an older job is in the worker's hands or before it."""
    for event in (ReportReceived, EditionsDue, ReleasePublished):
        publish(event(ids=(1,)), now=now)
    found = DBTaskResult.objects.ready().filter(queue_name=jobs.AT_ONCE)
    assert [Event.objects.get(pk=one.args_kwargs["args"][0]).kind for one in found] == ["ReleasePublished"]


def test_planted_bug_a_release_among_the_other_jobs_would_wait_for_them(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were it in the queue of all, nothing would run it but the worker, in its turn."""
    monkeypatch.setattr(ReleasePublished, "queue", "default")
    publish(ReleasePublished(ids=(1,)), now=now)
    assert not DBTaskResult.objects.ready().filter(queue_name=jobs.AT_ONCE).exists()


def test_the_thread_beside_the_worker_runs_its_queue_and_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the worker runs, one more runs the queue of what cannot wait; it ends when the worker does."""
    queues, begun = [], threading.Event()

    def run(worker: Worker) -> None:
        queues.append(worker.queue_names)
        begun.set()
        while worker.running:
            time.sleep(0.01)

    monkeypatch.setattr(Worker, "run", run)
    with jobs.at_once():
        assert begun.wait(60)
    assert queues == [[jobs.AT_ONCE]]
    assert not [one for one in threading.enumerate() if one.name == "at once"]
