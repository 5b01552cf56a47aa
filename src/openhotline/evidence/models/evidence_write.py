"""That file evidence was written: what the log vouches for, row by row."""

from django.db import models

from openhotline.evidence.models.item import Item


class EvidenceWrite(models.Model):
    """One writing of one item's file evidence. A correction adds a row; none is ever changed.

    The line of the log holds all digests of its batch as one.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="evidence_writes")
    record = models.CharField(max_length=40, db_index=True, help_text="outside id of the line of the log")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the open file evidence, in hex")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "record"], name="one_evidence_write_a_record")]
