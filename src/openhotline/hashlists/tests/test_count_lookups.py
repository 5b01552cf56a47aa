"""Lookups of a busy key are counted ahead: never over the budget, never without the log."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from limits import RateLimitItemPerDay

from openhotline.audit.models import Record
from openhotline.core import limits
from openhotline.core.errors import TooMany
from openhotline.core.models import Tally
from openhotline.hashlists.models import Member
from openhotline.hashlists.models.lookups_ahead import LIFE, Account, Asking
from openhotline.hashlists.services import count_lookups as operation
from openhotline.hashlists.services.count_lookups import Accounts, close_accounts, count_lookups

pytestmark = pytest.mark.django_db
TOGETHER = ("lines", "ahead", "back")
Start = Callable[..., "Process"]


class Process:
    """One process of the members' door that counts ahead; each has accounts of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, member: Member) -> None:
        self.accounts, self.patch, self.member, self.answered = Accounts(ahead=True), monkeypatch, member, 0

    def ask(self, now: datetime, lines: int = 1) -> bool:
        """Ask for so many; return whether that was answered."""
        self.patch.setattr(operation, "accounts", self.accounts)
        try:
            name, daily = self.member.public_id, self.member.agreed.daily
            count_lookups(member=name, daily=daily, asking=Asking(1, lines), actor="key_test", now=now)
        except TooMany:
            return False
        self.answered += lines
        return True

    def close(self, now: datetime) -> int:
        """Close what is over."""
        self.patch.setattr(operation, "accounts", self.accounts)
        return close_accounts(now=now)

    def end(self, now: datetime) -> None:
        """End as a process does that is told to."""
        self.patch.setattr(operation, "accounts", self.accounts)
        close_accounts(now=now, all_of_them=True)


@pytest.fixture
def start(make_member: Callable[..., Member], monkeypatch: pytest.MonkeyPatch) -> Start:
    member: list[Member] = []

    def begin(daily: int = 100_000) -> Process:
        if not member:
            member.append(make_member(daily=daily))
        return Process(monkeypatch, member[0])

    return begin


def said() -> dict[str, int]:
    """Return the sums of what the log says of lookups."""
    rows = [one.detail for one in Record.objects.filter(action="list_asked")]
    return {name: sum(row[name] for row in rows) for name in TOGETHER}


def used() -> int:
    """Return how much of the day's budget is used up."""
    return Tally.objects.get().many


def test_a_busy_key_costs_few_writes_and_every_lookup_is_in_the_log(start: Start, now: datetime) -> None:
    """Of a thousand lookups none is without the log, which has a few lines for all of them."""
    process = start()
    for _ in range(1_000):
        assert process.ask(now)
    process.end(now)
    assert (process.answered, said()["lines"], used()) == (1_000, 1_000, 1_000)
    assert Record.objects.filter(action="list_asked").count() < 25


def test_who_asks_now_and_then_has_each_lookup_counted_by_itself(start: Start, now: datetime) -> None:
    """A key that asks every few seconds takes nothing ahead."""
    process = start()
    for turn in range(5):
        process.ask(now + 3 * turn * LIFE)
    assert said() == {"lines": 5, "ahead": 0, "back": 0}


def test_two_processes_together_never_answer_more_than_the_budget(start: Start, now: datetime) -> None:
    """Each has some of the budget ahead; what both answer is within it, and all of it can be used."""
    one, other = start(daily=1_000), start(daily=1_000)
    for turn in range(900):
        (one if turn % 3 else other).ask(now)
    later = now + LIFE
    for process in (one, other):
        process.close(later)
    while one.ask(later) or other.ask(later):
        pass
    for process in (one, other):
        process.end(later)
    assert (one.answered + other.answered, used()) == (1_000, 1_000)


def test_what_was_not_used_is_given_back_once(start: Start, now: datetime) -> None:
    """A second later the rest is the member's again, and closing twice gives nothing more."""
    process = start()
    for _ in range(10):
        process.ask(now)
    assert used() > 10
    assert [process.close(now), process.close(now + LIFE), process.close(now + LIFE)] == [0, 1, 0]
    assert used() == 10


def test_what_is_ahead_is_not_used_when_it_is_over(start: Start, now: datetime) -> None:
    """What was counted yesterday evening answers nothing this morning, and is not taken off the new day."""
    process = start()
    for _ in range(10):
        process.ask(now)
    process.ask(now + timedelta(days=1), lines=3)
    process.end(now + timedelta(days=1))
    assert used() == 3
    assert said()["lines"] == 13


def test_a_process_that_is_killed_answered_nothing_that_the_log_does_not_bound(start: Start, now: datetime) -> None:
    """What the killed process had ahead stays counted; the log says how many that were."""
    killed, next_one = start(), start()
    for _ in range(50):
        killed.ask(now)
    del killed.accounts
    rows = [one.detail for one in Record.objects.filter(action="list_asked")]
    assert killed.answered <= said()["lines"] + rows[-1]["ahead"]
    assert used() == said()["lines"] + rows[-1]["ahead"]
    assert next_one.ask(now)


def test_one_request_that_is_larger_than_what_is_ahead_is_counted_whole(start: Start, now: datetime) -> None:
    """A request is answered whole or not at all."""
    process = start(daily=1_000)
    process.ask(now)
    process.ask(now)
    assert process.ask(now, lines=900)
    assert not process.ask(now, lines=200)
    process.end(now)
    assert used() == 902


def test_planted_bug_lookups_ahead_without_an_end_overrun_the_budget(
    start: Start, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were what is ahead used without being used up, more would be answered than was agreed."""
    monkeypatch.setattr(Account, "left", property(lambda self: self.size))
    process = start(daily=1_000)
    for _ in range(2_000):
        process.ask(now)
    assert process.answered > 1_000


def test_planted_bug_lookups_given_back_after_they_were_used_overrun_the_budget(
    start: Start, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were all given back that was ahead, less would be counted than was answered."""
    monkeypatch.setattr(operation, "_close", give_all_back)
    process = start()
    for _ in range(50):
        process.ask(now)
    process.end(now)
    assert used() < process.answered


def give_all_back(member: str, key: str, daily: int, account: Account, now: datetime) -> None:
    """Close an account as if nothing of what was ahead had been used."""
    budget = (RateLimitItemPerDay(daily),)
    limits.give_back(budget, operation.BUDGET, member, now=now, cost=account.size)


def test_planted_bug_a_lookup_used_before_it_is_logged_is_missing_after_a_kill(
    start: Start, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were nothing said of what is ahead, a killed process would leave lookups that the log knows nothing of."""
    log = operation._log
    monkeypatch.setattr(operation, "_log", lambda *told, **more: log(*told, **{**more, "ahead": 0}))
    killed = start()
    for _ in range(50):
        killed.ask(now)
    assert killed.answered > said()["lines"] + said()["ahead"]
