"""What was sorted, drawn at random to be looked at once more, blind, by another person."""

from django.db import models

from openhotline.evidence.models import Item


class SecondLook(models.Model):
    """One item that was drawn, how it had been sorted and by whom, and what the second person did with it."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="second_look")
    was_kept = models.BooleanField()
    reason = models.CharField(max_length=32, help_text="why it was kept or set aside at first")
    by = models.CharField(max_length=64, help_text="a machine rule's name or a person's outside id")
    drawn_at = models.DateTimeField()
    kept = models.BooleanField(null=True, help_text="by the second person; null: not looked at yet")
    looked_by = models.CharField(max_length=40, blank=True)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kept", "drawn_at"])]
