"""A real child may be in a picture that was altered."""

from django.db import models

from openhotline.assessment.models.assessment import Assessment
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("vid")


class VictimFlag(models.Model):
    """Raised with the first opinion that says so, before any decision; a person looks after it. One an assessment."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="victim_flag")
    raised_at = models.DateTimeField()
    seen_by = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField(null=True)
    # An opinion that was undone takes its flag back, unless somebody has already acted on it.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["raised_at"], condition=models.Q(seen_at=None, ended_at=None), name="flags_open")
        ]
