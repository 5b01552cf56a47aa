"""A signed head of the tree."""

from django.db import models

from openhotline.audit.models.note import Head


class Checkpoint(models.Model):
    """One signed head: the tree of one epoch over the records ``start`` to ``size``. Never changed or deleted.

    ``frontier`` lets the next one be computed without re-reading; it follows from the leaves and is checked with them.
    """

    number = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 …: a missing one is seen")
    epoch = models.BigIntegerField()
    start = models.BigIntegerField(help_text="records before this epoch")
    size = models.BigIntegerField(unique=True, help_text="records covered, of the whole log")
    previous = models.CharField(max_length=64, blank=True, help_text="last root of the epoch before; empty: none")
    root = models.CharField(max_length=64)
    frontier = models.JSONField()
    at = models.DateTimeField()
    signature = models.CharField(max_length=136, help_text="key hash and Ed25519 signature, in hex")

    class Meta:
        indexes = [models.Index(fields=["epoch", "size"], name="audit_check_epoch_idx")]

    @property
    def head(self) -> Head:
        """Return what this checkpoint says."""
        return Head(self.number, self.epoch, self.start, self.size, self.previous, self.root, self.at)
