"""What every transaction writes, seen in what the database is asked to do."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

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
