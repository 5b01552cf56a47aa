"""An item and a list entry, with distance."""

from django.db import models

from openhotline.evidence.models import Item


class Match(models.Model):
    """``distance`` 0 to 31 for near matches of our own entries; exact matches of files have kind ``file``."""

    FILE = "file"
    NEAR = "near"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="matches")
    list_name = models.CharField(max_length=64)
    entry = models.CharField(max_length=40, blank=True, help_text="outside id of our entry, if ours")
    kind = models.CharField(max_length=8)
    verdict = models.CharField(max_length=16)
    distance = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "list_name", "entry", "kind"], name="one_match_an_entry")
        ]
