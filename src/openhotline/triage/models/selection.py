"""Whether an item goes to assessment, and why."""

from django.db import models

from openhotline.evidence.models import Item
from openhotline.triage.states import SelectionState


class Selection(models.Model):
    """One row an item; ``by`` is a machine rule's name or a person's outside id.

    ``points`` and ``reasons`` are the item's own; its stack goes by the highest of its members. ``review_at``: when
    they change by themselves, as what was recent is so no longer.
    """

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="selection")
    state = models.CharField(max_length=16, default=SelectionState.UNSORTED)
    reason = models.CharField(max_length=32, blank=True)
    by = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    points = models.IntegerField(default=0)
    reasons = models.JSONField(default=list, help_text="[reason code, points] pairs")
    review_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "reason"]),
            models.Index(
                fields=["review_at"], condition=models.Q(review_at__isnull=False), name="selections_to_review"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=SelectionState.UNSORTED, reason="") | ~models.Q(reason=""),
                name="selection_has_its_reason",
            )
        ]
