"""Whether an item goes to assessment, and why."""

from django.db import models

from openhotline.evidence.models import Item
from openhotline.triage.states import SelectionState


class Selection(models.Model):
    """One row an item; ``by`` is a machine rule's name or a person's outside id."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="selection")
    state = models.CharField(max_length=16, default=SelectionState.UNSORTED)
    reason = models.CharField(max_length=32, blank=True)
    by = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "reason"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=SelectionState.UNSORTED, reason="") | ~models.Q(reason=""),
                name="selection_has_its_reason",
            )
        ]
