"""What cannot wait until the morning, and who is to be tried now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openhotline.accounts.states import ANSWERS_WITHIN, STEPS_ON_CALL
from openhotline.assessment.queries.reviews import open_flags
from openhotline.intake.queries import reports_waiting
from openhotline.intake.states import Lane
from openhotline.removal.queries.holding import holds_run_out

MOST = 20


@dataclass(frozen=True)
class Urgent:
    """One matter: what it is, since when nobody has looked after it; its report, flag or address by outside id."""

    words: str
    since: datetime
    report: str = ""
    flag: str = ""
    address: str = ""


def urgent(now: datetime) -> list[Urgent]:
    """Return urgent reports nobody has read, flags nobody looks after, and holds that ran out, oldest first."""
    reports = reports_waiting().filter(lane=Lane.URGENT)[:MOST]
    found = [Urgent("An urgent report", one.received_at, report=one.public_id) for one in reports if one.received_at]
    found += [
        Urgent("A picture of a child that was altered: victim identification", one.raised_at, flag=one.public_id)
        for one in open_flags()
    ]
    found += [
        Urgent("A police hold that has run out", one.runs_out_at, address=one.removal.address.public_id)
        for one in holds_run_out(now).defer("removal__address__raw", "removal__address__canonical")[:MOST]
    ]
    return sorted(found, key=lambda one: one.since)


def step_due(matters: Sequence[Urgent], now: datetime) -> int:
    """Return which step is to be tried now: 1, and one further for each quarter of an hour; 0 where nothing waits."""
    if not matters:
        return 0
    waited = now - min(one.since for one in matters)
    return min(len(STEPS_ON_CALL), 1 + max(0, int(waited / ANSWERS_WITHIN)))
