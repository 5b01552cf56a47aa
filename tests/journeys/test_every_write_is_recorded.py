"""No transaction changes a table of the hotline without its line in the log: seen in what the database is asked to do.

tests/architecture/test_writers_audit.py reads the code; this watches a whole road, so no code that is never run and no
function of the right name can satisfy it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from journeys.road import PAGE, Road
from openhotline import due
from openhotline.intake.models import Report
from openhotline.intake.states import Source

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

# Tables that may change without a line of the log, and why.
UNRECORDED = {
    "audit_leaf": "the tree over the log itself",
    "audit_checkpoint": "the tree over the log itself",
    "core_clockoffset": "the clock of practice",
    "core_daysalt": "the salt of the day's hashes of senders",
    "core_round": "that the worker went through all that is due, once a minute",
    "core_tally": "how often somebody sent something, for minutes or a day",
    "core_delivery": "which step has taken an announcement: no change of the hotline's",
    "core_event": "announced in the operation's transaction; marked as delivered afterwards",
    "exposure_reviewed": "up to when looks were reviewed; an alert that comes of it is recorded",
    "django_session": "who is signed in, for twelve hours",
    "django_tasks_database_dbtaskresult": "a job; what it does is recorded by the operation it runs",
}
# Also where one statement adds rows to several tables.
_WRITE = re.compile(
    r'(?:^|\bAS \()\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE
)


@dataclass
class Watch:
    """What each transaction has written: a savepoint is one, as the test itself runs inside a transaction."""

    depth: int = 0
    tables: set[str] = field(default_factory=set)
    unrecorded: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def __call__(self, execute: Callable[..., object], sql: str, params: Sequence[object], *rest: object) -> object:
        """Look at one statement and let it pass."""
        result = execute(sql, params, *rest)
        if sql.startswith("SAVEPOINT"):
            self.depth += 1
        elif sql.startswith(("RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")):
            # Django takes a savepoint back by both statements, one after the other.
            self.depth -= sql.startswith("RELEASE")
            if sql.startswith("ROLLBACK") and self.depth == 1:
                self.tables = set()
        elif found := _WRITE.findall(sql):
            self.tables.update(found)
        if not self.depth:
            self._end()
        return result

    def _end(self) -> None:
        if "audit_record" not in self.tables:
            self.unrecorded |= self.tables - set(UNRECORDED)
        self.seen |= self.tables
        self.tables = set()


def test_a_whole_road_changes_nothing_without_its_line(road: Road) -> None:
    """And every exception is still needed."""
    # Signing in notes when, in the person's own row; that is before anything is done.
    desk = Client()
    desk.force_login(road.cast.sign_ins[0])
    watch = Watch()
    with connection.execute_wrapper(watch):
        road.report(road.site.origin + PAGE, details={"more": "seen on Monday"})
        road.settle()
        desk.get(reverse("desk_home"))
        road.decide_all()
        road.release()
        road.refer()
        due.review(road.now)
        due.end_records(road.now + timedelta(days=800))
        desk.logout()
    assert watch.unrecorded == set()
    ours = {"intake_report", "evidence_item", "assessment_decision", "removal_notice", "hashlists_release"}
    assert {*ours, "referral_referral", *UNRECORDED} <= watch.seen


def test_planted_a_change_without_its_line_is_seen(road: Road) -> None:
    """Also one in a transaction of its own beside a recorded one, and one outside of any."""
    road.report(road.site.origin + PAGE)
    for change in (Report.objects.all(), Report.objects.filter(source=Source.PUBLIC)):
        watch = Watch()
        with connection.execute_wrapper(watch):
            change.update(source=Source.LETTER)
            with transaction.atomic():
                change.update(source=Source.PUBLIC)
        assert watch.unrecorded == {"intake_report"}
