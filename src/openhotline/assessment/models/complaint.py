"""Somebody says that the hotline was wrong."""

from django.db import models

from openhotline.assessment.models.reassessment import Reassessment
from openhotline.assessment.states import ComplaintState
from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("cmp")


class Complaint(models.Model):
    """One line of the log of complaints and wrongful decisions. Rows are answered, never deleted by hand."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    source = models.CharField(max_length=16, help_text="who complains, of Complainer in states")
    what = SealedText(help_text="what was said, without names")
    reassessment = models.ForeignKey(
        Reassessment, on_delete=models.PROTECT, null=True, related_name="complaints", help_text="what it re-opened"
    )
    state = models.CharField(max_length=8, default=ComplaintState.OPEN)
    finding = models.CharField(max_length=16, blank=True, help_text="of Finding in states; empty while it is open")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=40)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-received_at"])]
