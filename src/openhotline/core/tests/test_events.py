"""What a stage announces is taken by every step, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, transaction
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from openhotline.core import events, jobs
from openhotline.core import models as core_models

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, kw_only=True)
class SomethingHappened(events.Event):
    """Only in this test."""


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """A step that keeps what it was given."""
    heard: list[tuple[int, ...]] = []
    monkeypatch.setattr(events, "_steps", {})
    events.follow(SomethingHappened, "keep", heard.append)
    return heard


def test_a_step_takes_what_was_announced(taken: list[tuple[int, ...]], now: datetime) -> None:
    events.publish(SomethingHappened(ids=(1, 2)), now=now)
    jobs.drain()
    assert taken == [(1, 2)]


def test_long_lists_are_split_in_five_hundreds(taken: list[tuple[int, ...]], now: datetime) -> None:
    events.publish(SomethingHappened(ids=tuple(range(1001))), now=now)
    jobs.drain()
    assert sorted(len(ids) for ids in taken) == [1, 500, 500]


def test_a_step_does_not_take_an_event_twice(taken: list[tuple[int, ...]], now: datetime) -> None:
    events.publish(SomethingHappened(ids=(1,)), now=now)
    jobs.drain()
    events.take(core_models.Event.objects.get().pk)
    assert taken == [(1,)]


@transaction.atomic
def _announce_and_fail(now: datetime) -> None:
    events.publish(SomethingHappened(ids=(1,)), now=now)
    raise RuntimeError


def test_what_is_rolled_back_is_not_announced(taken: list[tuple[int, ...]], now: datetime) -> None:
    with pytest.raises(RuntimeError):
        _announce_and_fail(now)
    jobs.drain()
    assert taken == []


def test_a_failing_step_is_tried_again_later(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    def fail(_ids: tuple[int, ...]) -> None:
        raise RuntimeError

    monkeypatch.setattr(events, "_steps", {})
    events.follow(SomethingHappened, "fail", fail)
    events.publish(SomethingHappened(ids=(1,)), now=now)
    jobs.drain()
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]


def test_a_job_of_a_dead_worker_is_given_back(taken: list[tuple[int, ...]], now: datetime) -> None:
    events.publish(SomethingHappened(ids=(1,)), now=now)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=now)
    assert jobs.sweep(older_than=timedelta(0)) == 1
    jobs.drain()
    assert taken == [(1,)]


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A step in which the database goes away and stays away; what is noted says that it was waited for."""
    waited: list[str] = []

    def fail(_ids: tuple[int, ...]) -> None:
        raise OperationalError("the server closed the connection")

    enqueue = Task.enqueue

    def enqueue_when_back(task: Task[..., None], *arguments: int) -> object:
        if arguments[1:] and not waited:
            raise OperationalError("connection refused")
        return enqueue(task, *arguments)

    monkeypatch.setattr(events, "_steps", {})
    events.follow(SomethingHappened, "fail", fail)
    monkeypatch.setattr(Task, "enqueue", enqueue_when_back)
    monkeypatch.setattr(events, "wait_for_database", lambda: waited.append("waited"))
    return waited


def test_an_announcement_survives_a_database_that_went_away_in_a_step(
    without_database: list[str], now: datetime
) -> None:
    """The job of the next attempt is written as soon as the database is back, before this one is written off."""
    events.publish(SomethingHappened(ids=(1,)), now=now)
    jobs.drain()
    assert without_database == ["waited"]
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]


def test_planted_bug_an_attempt_that_is_not_waited_for_loses_the_announcement(
    without_database: list[str], monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """Were no error of the database waited for, the job would be written off and none would follow it."""
    monkeypatch.setattr(events, "GONE", ())
    events.publish(SomethingHappened(ids=(1,)), now=now)
    jobs.drain()
    assert without_database == []
    assert list(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED"]


def test_an_announcement_survives_a_worker_that_is_told_twice_to_end(
    monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """The second order ends the step in its middle; another worker takes the announcement later."""

    def end(_ids: tuple[int, ...]) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(events, "_steps", {})
    events.follow(SomethingHappened, "end", end)
    events.publish(SomethingHappened(ids=(1,)), now=now)
    jobs.drain()
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, now: datetime) -> list[tuple[int, ...]]:
    """An announcement that one step took and another refuses, however often it is tried; what the first was given."""
    heard: list[tuple[int, ...]] = []

    def fail(_ids: tuple[int, ...]) -> None:
        raise RuntimeError

    monkeypatch.setattr(events, "_steps", {})
    monkeypatch.setattr(events, "ATTEMPTS", 1)
    events.follow(SomethingHappened, "keep", heard.append)
    events.follow(SomethingHappened, "fail", fail)
    events.publish(SomethingHappened(ids=(1,)), now=now)
    jobs.drain()
    return heard


def test_what_every_attempt_failed_for_is_counted_with_the_step_that_lacks(broken: list[tuple[int, ...]]) -> None:
    (lost,) = events.given_up()
    assert (lost.kind, lost.steps) == ("SomethingHappened", ("fail",))


def test_what_is_still_tried_or_was_taken_is_not_given_up(taken: list[tuple[int, ...]], now: datetime) -> None:
    events.publish(SomethingHappened(ids=(1,)), now=now)
    assert events.given_up() == []
    jobs.drain()
    assert events.given_up() == []


def test_delivered_again_the_steps_that_lack_take_it_and_no_other(
    broken: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    mended: list[tuple[int, ...]] = []
    monkeypatch.setitem(
        events._steps,
        "SomethingHappened",
        [events.Step("keep", broken.append), events.Step("fail", mended.append)],
    )
    events.deliver_again([one.key for one in events.given_up()])
    assert events.given_up() == []
    jobs.drain()
    assert (broken, mended) == ([(1,)], [(1,)])


def test_the_attempts_last_more_than_an_hour() -> None:
    """A disk that is full for half an hour loses nothing, and nobody has to do anything."""
    assert sum(2**attempt for attempt in range(1, events.ATTEMPTS)) > 3600
