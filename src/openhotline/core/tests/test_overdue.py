"""What is due and fails keeps nothing else from being done, and is told when it goes on failing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from openhotline.core import models, overdue
from openhotline.core.overdue import TOLD_AFTER, do_all

pytestmark = pytest.mark.django_db
Due = dict[str, Callable[[datetime], int]]


def fail(_now: datetime) -> int:
    raise ValueError("https://board.example/one is no address")


@pytest.fixture
def due() -> Due:
    """Three things, of which the one in the middle fails."""
    return {"first": lambda _: 1, "second": fail, "third": lambda _: 3}


def one_after_the_other(due: Due, now: datetime) -> dict[str, int]:
    """Do all, as `due.tick` did before."""
    return {name: do(now) for name, do in due.items()}


def long_ago() -> None:
    """Let what failed have failed for longer than anybody waits."""
    models.Overdue.objects.update(since=models.Overdue.objects.get().since - TOLD_AFTER - timedelta(seconds=1))


def test_what_fails_keeps_nothing_else_from_being_done(due: Due, now: datetime) -> None:
    """The third is done though the second failed, and the error says which it was of."""
    done: list[str] = []
    due["third"] = lambda _: len(done.append("third") or done)
    with pytest.raises(ExceptionGroup) as raised:
        do_all(due, now)
    assert done == ["third"]
    (error,) = raised.value.exceptions
    assert error.__notes__ == ["while this was due: second"]


def test_planted_bug_one_that_stopped_the_others_would_be_seen(due: Due, now: datetime) -> None:
    """As it was before: one after the other, and the first that fails ends all."""
    done: list[str] = []
    due["third"] = lambda _: len(done.append("third") or done)
    with pytest.raises(ValueError, match="no address"):
        one_after_the_other(due, now)
    assert done == []


def test_what_failed_once_is_told_to_nobody(due: Due, now: datetime) -> None:
    """A mail server that is started anew is no fault of the installation."""
    with pytest.raises(ExceptionGroup):
        do_all(due, now)
    assert overdue.overdue() == []


def test_what_fails_for_longer_is_told_without_the_words_of_its_error(due: Due, now: datetime) -> None:
    """An error may hold an address: the sentence names its kind alone."""
    for _ in range(3):
        with pytest.raises(ExceptionGroup):
            do_all(due, now)
    long_ago()
    (one,) = overdue.overdue()
    assert (one.name, one.times, one.error) == ("second", 3, "ValueError")
    assert "second" in one.sentence
    assert "board.example" not in one.sentence + str(models.Overdue.objects.values())


def test_what_is_done_again_is_told_no_more(due: Due, now: datetime) -> None:
    """The row goes with the first time that it is done, and a later failure begins anew."""
    with pytest.raises(ExceptionGroup):
        do_all(due, now)
    long_ago()
    due["second"] = lambda _: 2
    assert do_all(due, now) == {"first": 1, "second": 2, "third": 3}
    assert overdue.overdue() == []
    due["second"] = fail
    with pytest.raises(ExceptionGroup):
        do_all(due, now)
    assert models.Overdue.objects.get().times == 1


def test_a_database_that_went_away_ends_it_at_once(due: Due, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing could be kept of it, and nothing else could be done."""

    def gone(*_: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(overdue, "_keep", gone)
    due["third"] = lambda _: pytest.fail("nothing is done without a database")
    with pytest.raises(OperationalError):
        do_all(due, now)


def test_a_worker_that_went_through_all_is_told_to_nobody(due: Due, now: datetime) -> None:
    """Also when some of it failed, which is told by itself."""
    assert overdue.standstill() is None, "nobody is told of an installation that has not begun"
    with pytest.raises(ExceptionGroup):
        do_all(due, now)
    assert overdue.standstill() is None


def test_a_worker_that_stopped_or_hangs_is_told(due: Due, now: datetime) -> None:
    """The operator learns since when nothing was done, until it is done again."""
    models.Round.objects.create(pk=1, ended_at=datetime.now(UTC) - TOLD_AFTER - timedelta(seconds=1))

    def hangs(_now: datetime) -> int:
        assert "no worker runs, or it hangs" in (overdue.standstill() or "")
        return 1

    do_all({"first": hangs}, now)

    assert overdue.standstill() is None
    assert models.Round.objects.count() == 1


def test_a_round_is_written_once_a_minute(now: datetime) -> None:
    """One every two seconds would be a flush to disk each."""
    do_all({}, now)
    first = models.Round.objects.get().ended_at
    do_all({}, now)
    assert models.Round.objects.get().ended_at == first
