"""What machinery leaves behind is tidied away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from openhotline.audit.models import Record
from openhotline.core.models import Delivery, Event
from openhotline.retention.services import clear_machinery as module
from openhotline.retention.services.clear_machinery import clear_machinery

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AGO = NOW - timedelta(days=100)


def clear() -> int:
    limit = NOW - timedelta(days=90)
    return clear_machinery(announcements=limit, jobs=limit, sessions=limit, actor="step:tick", now=NOW)


def announce(delivered_at: datetime | None) -> Event:
    event = Event.objects.create(kind="ReportReceived", ids=[1], at=AGO, delivered_at=delivered_at)
    Delivery.objects.create(event=event, step="screen", at=AGO)
    return event


def job(status: TaskResultStatus) -> DBTaskResult:
    ends = {"finished_at": AGO} if status in module.OVER else {}
    return DBTaskResult.objects.create(
        task_path="a.b", args_kwargs={"args": [], "kwargs": {}}, backend_name="default", status=status,
        exception_class_path="", traceback="", run_after=get_date_max(), **ends,
    )  # fmt: skip


def test_old_announcements_go_and_undelivered_ones_stay() -> None:
    announce(AGO), announce(NOW)
    waits = announce(None)
    assert clear() == 1
    assert Event.objects.count() == Delivery.objects.count() == 2
    assert Event.objects.filter(pk=waits.pk).exists()


def test_jobs_that_are_over_go_and_waiting_ones_stay() -> None:
    job(TaskResultStatus.SUCCESSFUL), job(TaskResultStatus.FAILED), job(TaskResultStatus.READY)
    assert clear() == 2
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


def test_ended_sign_ins_go() -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=AGO)
    Session.objects.create(session_key="new", session_data="", expire_date=NOW)
    clear()
    assert Session.objects.get().session_key == "new"


def test_each_kind_is_counted_in_the_log() -> None:
    announce(AGO), announce(AGO), job(TaskResultStatus.FAILED)
    clear()
    rows = Record.objects.filter(action="machinery_cleared").values_list("subject", "detail")
    assert dict(rows) == {"announcements": {"deleted": 2}, "jobs": {"deleted": 1}}


def test_nothing_to_do_leaves_no_line() -> None:
    assert clear() == 0
    assert not Record.objects.exists()


def test_it_is_done_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for _ in range(3):
        announce(AGO)
    assert (clear(), clear(), clear()) == (2, 1, 0)
