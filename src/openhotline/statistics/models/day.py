"""What was counted of each day, so that a page of years reads few rows."""

from django.db import models


class DayCount(models.Model):
    """One count of one day (UTC): ``name`` of ``states.SERIES``, ``part`` of it. Days without any have no row.

    ``month`` is the first day of the month: pages add months up in the database.
    """

    day = models.DateField()
    month = models.DateField()
    name = models.CharField(max_length=32)
    part = models.CharField(max_length=48, blank=True)
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "name", "part"], name="one_count_a_day_and_part")]
        indexes = [models.Index(fields=["month", "name", "part"])]


class RolledUp(models.Model):
    """Up to when days were counted, and which month was looked at again last. One row, key 1."""

    until = models.DateTimeField()
    again = models.DateField(help_text="first day of the month that was counted again last")
