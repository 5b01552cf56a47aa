"""One attempt to bring in an address and its pictures."""

from django.db import models

from openhotline.core.ids import public_id
from openhotline.intake.models import Address


def _new_id() -> str:
    return public_id("cap")


class Capture(models.Model):
    """How it ended, under which authority; ``sentence`` says why when nothing came in."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="captures")
    state = models.CharField(max_length=16)
    sentence = models.CharField(max_length=300, blank=True)
    authority = models.CharField(max_length=40, blank=True)
    files = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
