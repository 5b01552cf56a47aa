"""The place of a record in the tree."""

from django.db import models


class Leaf(models.Model):
    """Leaf ``position`` of the tree: the RFC 6962 hash of one record, fixed when the log was sealed."""

    position = models.BigIntegerField(primary_key=True)
    record_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
