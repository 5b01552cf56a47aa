"""Jobs that their worker no longer holds are done by another."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from openhotline.core import jobs
from openhotline.core.events import publish
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
