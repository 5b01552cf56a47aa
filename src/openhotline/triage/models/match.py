"""An item and a list entry, with distance."""

from django.db import models

from openhotline.evidence.models import Item


class Match(models.Model):
    """What a list says of an item, kept as long as the list says it.

    ``distance`` and ``turn`` are 0 but for near matches: bits apart, and in which of the eight positions of the item's
    picture. ``kind``: by which hash of the file, or ``near``.
    """

    FILE = "file"
    SHA1 = "sha1"
    MD5 = "md5"
    NEAR = "near"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="matches")
    list_name = models.CharField(max_length=64)
    entry = models.CharField(max_length=40, blank=True, help_text="which line of the list; empty: by SHA-256")
    kind = models.CharField(max_length=8)
    verdict = models.CharField(max_length=16)
    distance = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=0)
    found_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["list_name", "entry", "found_at"])]
        constraints = [
            models.UniqueConstraint(fields=["item", "list_name", "entry", "kind"], name="one_match_an_entry")
        ]


class Fingerprint(models.Model):
    """The keyed hash of an item's SHA-1 or MD5, so that a list that grows finds what was triaged before."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="fingerprints")
    kind = models.CharField(max_length=8)
    lookup = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["lookup"])]
        constraints = [models.UniqueConstraint(fields=["item", "kind"], name="one_fingerprint_a_kind")]
