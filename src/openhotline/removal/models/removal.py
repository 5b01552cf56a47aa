"""The taking down of one address."""

from collections.abc import Sequence

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.intake.models import Address
from openhotline.removal.states import RemovalState


class Hosting(models.Model):
    """Who hosts a host name, as RDAP told. Provider and country may be kept in clear."""

    lookup = models.CharField(max_length=64, unique=True, help_text="keyed hash of host and port")
    provider = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    contact = SealedText(null=True, help_text="abuse contact; null: none published")
    looked_up_at = models.DateTimeField()


class Removal(models.Model):
    """One address with a confirmed item: noticed, re-checked, gone after three misses."""

    address = models.OneToOneField(Address, on_delete=models.PROTECT, related_name="removal")
    state = models.CharField(max_length=16, default=RemovalState.OPENED)
    hosting = models.ForeignKey(Hosting, on_delete=models.PROTECT, null=True, related_name="removals")
    sentence = models.CharField(max_length=300, blank=True)
    misses = models.PositiveSmallIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    noticed_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    notice = models.ForeignKey("removal.Notice", on_delete=models.PROTECT, null=True, related_name="removals")

    class Meta:
        indexes = [models.Index(fields=["state", "next_check_at"])]

    @classmethod
    def save_alike(cls, rows: Sequence["Removal"], fields: Sequence[str]) -> None:
        """Write these fields of many rows, one statement for each set of equal values: there are few of them."""
        alike: dict[tuple[object, ...], list[int]] = {}
        for row in rows:
            alike.setdefault(tuple(getattr(row, field) for field in fields), []).append(row.pk)
        for values, keys in alike.items():
            cls.objects.filter(pk__in=keys).update(**dict(zip(fields, values, strict=True)))
