"""How often what is listed was met by members that stop uploads: by entry and day, never by member."""

import threading
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import models

from openhotline.hashlists.models.entry import Entry

KEPT_TOGETHER = timedelta(seconds=10)


class EntryMet(models.Model):
    """In how many requests of one day (UTC) an entry was found for members that use the list to stop uploads."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="met")
    day = models.DateField()
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "day"], name="one_row_an_entry_and_day")]
        indexes = [models.Index(fields=["day"])]


class Meetings:
    """What one process found and has not written yet; in memory, so that no answer waits for it or tells of it.

    A process that is killed loses what it held: the counts say *at least*.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._met: Counter[tuple[str, date]] = Counter()
        self._since: datetime | None = None

    def note(self, entries: Iterable[str], now: datetime) -> None:
        """Keep that a request found these entries (outside ids), each once."""
        found = {(entry, now.date()) for entry in entries}
        if found:
            with self._lock:
                self._met.update(found)
                self._since = self._since or now

    def take(self, now: datetime, *, all_of_them: bool = False) -> Counter[tuple[str, date]]:
        """Return what is held, and hold it no more; nothing before it has lain for a while, unless it is asked for."""
        with self._lock:
            due = self._since is not None and not timedelta(0) <= now - self._since < KEPT_TOGETHER
            if not due and not all_of_them:
                return Counter()
            taken, self._met, self._since = self._met, Counter(), None
        return taken

    def give_back(self, taken: Counter[tuple[str, date]], now: datetime) -> None:
        """Hold again what could not be written."""
        with self._lock:
            self._met.update(taken)
            self._since = self._since or now
