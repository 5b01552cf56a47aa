"""A signed head of the tree."""

from django.db import models


class Checkpoint(models.Model):
    """Root over the first ``size`` leaves, signed; ``frontier`` lets the next one be computed without re-reading."""

    size = models.BigIntegerField(unique=True)
    root = models.CharField(max_length=64)
    frontier = models.JSONField()
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)
