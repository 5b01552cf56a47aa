"""An entry of a list that suddenly matched too much."""

from django.db import models

from openhotline.core.ids import public_id
from openhotline.triage.states import HeldState


def _new_id() -> str:
    return public_id("hld")


class HeldEntry(models.Model):
    """One entry, by its list and line; its matches are all kept, and act again when a person releases it."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    list_name = models.CharField(max_length=64)
    entry = models.CharField(max_length=40)
    state = models.CharField(max_length=16, default=HeldState.HELD)
    matched = models.PositiveIntegerField(help_text="items within the hours of the rule, when it was held")
    limit = models.PositiveIntegerField(help_text="how many were allowed")
    held_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state"])]
        constraints = [models.UniqueConstraint(fields=["list_name", "entry"], name="held_once")]
