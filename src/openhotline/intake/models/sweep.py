"""An operator's list of addresses that are looked at again and again, and how soon each is."""

import json
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import models

from openhotline.core.ids import public_id
from openhotline.intake.models.address import Address
from openhotline.intake.states import SweepState

SHORTEST = timedelta(hours=1)
LONGEST = timedelta(days=30)
MOST_OFTEN = 8
"""How many times as often as its sweep says a page is visited at most."""
SPAN = 10
"""Confirmed finds are counted per so many visits, so that a page that is visited more does not earn more by that."""
RAREST = 3
"""Each visit in a row that failed doubles the wait, this many times at most."""
LEASE = timedelta(minutes=30)
"""A visit takes five minutes at most; what a worker does not bring back in this time was lost with it."""


def _new_id() -> str:
    return public_id("swp")


def how_often(*, visits: int, confirmed: int) -> int:
    """Return how many times as often as its sweep says a page is visited: 1 + confirmed finds per 10 visits, up to 8.

    ``visits``: all there were; ``confirmed``: different items seen there that people confirmed.
    """
    return min(MOST_OFTEN, 1 + SPAN * confirmed // max(SPAN, visits))


def wait_after(every: timedelta, *, visits: int, confirmed: int, failures: int) -> timedelta:
    """Return how long a page is left alone after a visit; ``failures``: visits in a row, up to now, that failed.

    Never less than an hour, never more than 30 days or eight times what the sweep says.
    """
    if failures:
        return min(every * (1 << min(failures, RAREST)), LONGEST)
    return max(every / how_often(visits=visits, confirmed=confirmed), SHORTEST)


class Sweep(models.Model):
    """A list of addresses on a schedule, with the authority it is done under. Two people agree on exactly this."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    name = models.CharField(max_length=120, unique=True, help_text="what staff call it; never the name of a site")
    state = models.CharField(max_length=16, default=SweepState.DRAFTED)
    every_hours = models.PositiveSmallIntegerField()
    jurisdiction = models.CharField(max_length=16)
    approver = models.CharField(max_length=200, help_text="who gave the authority: an office, not a person's name")
    instrument = models.CharField(max_length=200, help_text="the law or agreement it is given under")
    until = models.DateTimeField(help_text="nothing is fetched from this moment on")
    drafted_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    @property
    def every(self) -> timedelta:
        """Return how long a page is left alone between visits, if nothing speaks for more or fewer."""
        return timedelta(hours=self.every_hours)

    def addresses(self) -> list[str]:
        """Return the addresses of its pages, in the order of the list."""
        rows = self.pages.select_related("address").order_by("pk")
        return [str(page.address.canonical) for page in rows]

    def manifest_sha256(self) -> str:
        """Return the SHA-256 (hex) of what two people agree on."""
        told = {
            "sweep": self.public_id,
            "name": self.name,
            "every_hours": self.every_hours,
            "jurisdiction": self.jurisdiction,
            "approver": self.approver,
            "instrument": self.instrument,
            "until": self.until.isoformat(),
            "addresses": sorted(self.addresses()),
        }
        return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class SweptPages(models.Manager["SweptPage"]):
    """Which pages wait, and which a worker has."""

    def due(self, now: datetime) -> models.QuerySet["SweptPage"]:
        """Return pages to be visited now, of sweeps that run and whose authority holds, which no worker has."""
        running = self.filter(sweep__state=SweepState.RUNNING, sweep__until__gt=now, due_at__lte=now)
        return running.filter(models.Q(handed_at=None) | models.Q(handed_at__lte=now - LEASE))

    def under_way(self, now: datetime) -> models.QuerySet["SweptPage"]:
        """Return pages that were given to a worker and have not come back, unless so long ago that it is lost."""
        return self.filter(handed_at__gt=now - LEASE)


class SweptPage(models.Model):
    """One address of a sweep: when it is due, and what the visits brought. ``host`` is a keyed hash."""

    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT, related_name="pages")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="swept")
    host = models.CharField(max_length=64)
    due_at = models.DateTimeField(null=True, help_text="null: the sweep has not begun")
    handed_at = models.DateTimeField(
        null=True, help_text="when it was last given to a worker; null: since its visit not"
    )
    last_at = models.DateTimeField(null=True)
    last_state = models.CharField(max_length=16, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    visits = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0, help_text="visits in a row, up to now, that failed")
    found = models.PositiveIntegerField(default=0, help_text="files that were new there, over all visits")
    confirmed = models.PositiveIntegerField(default=0, help_text="different items seen there that people confirmed")

    objects = SweptPages()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sweep", "address"], name="one_page_a_sweep")]
        indexes = [models.Index(fields=["due_at"])]

    @property
    def how_often(self) -> int:
        """Return how many times as often as its sweep says this page is visited."""
        return how_often(visits=self.visits, confirmed=self.confirmed)

    @property
    def wait(self) -> timedelta:
        """Return how long this page is left alone after its last visit."""
        return wait_after(self.sweep.every, visits=self.visits, confirmed=self.confirmed, failures=self.failures)
