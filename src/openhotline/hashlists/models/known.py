"""Lists that others gave us: known and known-harmless files."""

from django.db import models


class KnownFile(models.Model):
    """An exact file on an imported list, by the keyed hash of its SHA-256."""

    list_name = models.CharField(max_length=64)
    lookup = models.CharField(max_length=64)
    verdict = models.CharField(max_length=16)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list_name", "lookup"], name="one_line_a_file")]
        indexes = [models.Index(fields=["lookup"])]
