"""A reason to look at an entry again."""

from django.db import models

from openhotline.core.ids import public_id
from openhotline.hashlists.models.entry import Entry
from openhotline.hashlists.states import DisputeState


def _new_id() -> str:
    return public_id("dsp")


class Dispute(models.Model):
    """Something or somebody says that an entry may be wrong. It stays on the list until a person has decided."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="disputes")
    reason = models.CharField(max_length=24)
    state = models.CharField(max_length=16, default=DisputeState.OPEN)
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "reason"], condition=models.Q(state="open"), name="one_open_dispute_a_reason"
            )
        ]
        indexes = [models.Index(fields=["state", "id"])]
