"""Tables of core: announced events and which step has taken them, what is due and fails, and the practice clock."""

from django.db import models


class Event(models.Model):
    """Something a stage announced, in the transaction that made it true. Never changed but for ``delivered_at``."""

    kind = models.CharField(max_length=64)
    ids = models.JSONField(help_text="1 to 500 primary keys of what it is about")
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "id"])]


class Delivery(models.Model):
    """A step of the journey has taken an event: it is not taken again."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    step = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "step"], name="one_delivery_a_step")]


class Overdue(models.Model):
    """Something that falls due by the clock and failed when it was last tried; the row goes when it is done again."""

    name = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField(help_text="when it failed first; the machine's clock, not the practice clock")
    tried_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    error = models.CharField(max_length=64, help_text="the kind of error, never its words")


class Round(models.Model):
    """All that falls due by the clock was gone through, whatever failed of it. One row, key 1."""

    ended_at = models.DateTimeField(help_text="the last time, to the minute; the machine's clock")


class ClockOffset(models.Model):
    """How far the practice clock runs ahead. One row, key 1."""

    seconds = models.FloatField(default=0)


class Tally(models.Model):
    """How often something was done since a window began: by a keyed hash of who did it, never by an address.

    On PostgreSQL the table is not logged: a tally is worth no flush to disk, and a backup of the log has none.
    """

    key = models.CharField(max_length=160, primary_key=True)
    many = models.PositiveIntegerField()
    ends = models.DateTimeField(db_index=True)


class DaySalt(models.Model):
    """What makes today's hashes of senders. One row, key 1; yesterday's salt is written over. Not logged either."""

    day = models.DateField()
    salt = models.BinaryField()
