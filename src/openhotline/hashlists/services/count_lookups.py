"""Lookups are counted against the day's budget and logged before they are answered.

A process that serves (`count_ahead`) does that for the lookups of a busy key ahead, in one transaction for all of them;
what was used of these is logged a second later, and what was not is given back. A process that is killed leaves the
record of what was ahead: its lookups are bounded by it, and count as asked.
"""

import logging
import threading
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, close_old_connections, transaction
from limits import RateLimitItemPerDay

from openhotline.audit.services.record import record
from openhotline.core import limits
from openhotline.core.clock import now as clock_now
from openhotline.core.errors import TooMany
from openhotline.hashlists.models.lookups_ahead import LIFE, Account, Asking
from openhotline.hashlists.services.keep_met import keep_met

BUDGET = "list lookups"
STEP = "step:members"
log = logging.getLogger(__name__)


class Accounts:
    """What this process counted, by member and key; ``ahead``: whether it counts any ahead."""

    def __init__(self, *, ahead: bool = False) -> None:
        self.ahead = ahead
        self._of: dict[tuple[str, str, int], Account] = {}

    def of(self, member: str, key: str, daily: int) -> Account:
        """Return the account of a member's key under a budget of so many lookups a day."""
        found = self._of.get((member, key, daily))
        return found or self._of.setdefault((member, key, daily), Account())

    def __iter__(self) -> Iterator[tuple[str, str, int, Account]]:
        """Yield member, key, budget of a day and account."""
        yield from ((*names, one) for names, one in list(self._of.items()))


accounts = Accounts()


def check_budget(member: str, key: str, daily: int, lines: int, *, now: datetime) -> None:
    """Raise TooMany where the day's budget is used up, before anything is looked for; count nothing."""
    if accounts.of(member, key, daily).may_use(lines, now):
        return
    if not limits.within(_budget(daily), BUDGET, member, now=now):
        raise _used_up(daily)


def count_lookups(*, member: str, daily: int, asking: Asking, actor: str, now: datetime) -> None:
    """Count and log lookups of a member (by outside id), or use some that its key counted and logged ahead.

    ``daily`` is its budget. Raises TooMany, and has counted none of them then.
    """
    account = accounts.of(member, actor, daily)
    with account.lock:
        if account.may_use(asking.lines, now):
            account.used += asking
            return
        wanted = account.wants(daily, now) if accounts.ahead else 0
        with transaction.atomic():
            _close(member, actor, daily, account, now)
            ahead = next((more for more in (wanted, 0) if _counted(member, daily, asking.lines + more, now)), None)
            if ahead is None:
                raise _used_up(daily)
            _log(actor, member, asking, now, ahead=ahead)
        account.begin(asking.lines, ahead, now)


def close_accounts(*, now: datetime, all_of_them: bool = False) -> int:
    """Log what was used of lookups counted ahead a second ago, and give the rest back; return of how many keys."""
    done = 0
    for member, key, daily, account in accounts:
        with account.lock:
            if account.size and (all_of_them or account.is_over(now)):
                with transaction.atomic():
                    _close(member, key, daily, account, now)
                account.end()
                done += 1
    return done


def count_ahead() -> None:
    """Count lookups ahead in this process from now on, and close what was counted once a second; write what was met."""
    accounts.ahead = True
    threading.Thread(target=_close_for_ever, daemon=True).start()


def stop_counting_ahead() -> None:
    """Close everything, and write what was met, as a process does that ends; nothing in one that counted none ahead."""
    if accounts.ahead:
        accounts.ahead = False
        close_accounts(now=clock_now(), all_of_them=True)
        keep_met(actor=STEP, now=clock_now(), all_of_them=True)


def _close_for_ever() -> None:
    ended = threading.Event()
    while not ended.wait(LIFE.total_seconds()):
        try:
            close_old_connections()
            close_accounts(now=clock_now())
            keep_met(actor=STEP, now=clock_now())
        except DatabaseError:
            # What is ahead is over and is used no more; it is closed when the database is back.
            log.exception("lookups counted ahead were not closed")


def _close(member: str, key: str, daily: int, account: Account, now: datetime) -> None:
    if not account.size:
        return
    limits.give_back(_budget(daily), BUDGET, member, now=now, cost=account.left, counted_at=account.at)
    _log(key, member, account.used, now, back=account.left)


def _log(key: str, member: str, asking: Asking, now: datetime, *, ahead: int = 0, back: int = 0) -> None:
    detail = {
        "requests": asking.requests,
        "lines": asking.lines,
        "found": asking.found,
        "unclear": asking.unclear,
        "ahead": ahead,
        "back": back,
    }
    record(actor=key, action="list_asked", subject=member, now=now, detail={**detail})


def _counted(member: str, daily: int, lines: int, now: datetime) -> bool:
    """Count so many; or nothing, where they are more than is left of the budget."""
    with transaction.atomic():
        within = limits.count(_budget(daily), BUDGET, member, now=now, cost=lines)
        transaction.set_rollback(not within)
    return within


def _budget(daily: int) -> tuple[RateLimitItemPerDay]:
    return (RateLimitItemPerDay(daily),)


def _used_up(daily: int) -> TooMany:
    return TooMany(f"Your agreement allows {daily:,} hashes a day, and they are used up. Ask again tomorrow.")
