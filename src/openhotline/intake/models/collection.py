"""Many finds brought in together."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.intake.models.address import Address
from openhotline.intake.states import FindState


def _new_id() -> str:
    return public_id("col")


class Collection(models.Model):
    """A found collection: where it lies for import, under which authority, how many finds its manifest names."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    name = models.CharField(max_length=120)
    folder = SealedText()
    authority = models.CharField(max_length=40, help_text="outside id of the recorded authority")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=40)
    finds_expected = models.PositiveIntegerField()


class Find(models.Model):
    """One file found: a sighting-to-be. ``path`` is relative to the collection's folder.

    ``number`` is the manifest's own; a line that gives none it can keep is refused under ``NO_NUMBER`` + its line.
    """

    NO_NUMBER = 2_000_000_000

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="finds")
    number = models.PositiveIntegerField()
    path = SealedText()
    address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, related_name="finds")
    page = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, related_name="finds_on_page")
    claimed = SealedText(null=True, help_text="JSON: sha256 and bytes the manifest claims, checked when sealing")
    state = models.CharField(max_length=16, default=FindState.REGISTERED)
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "number"], name="one_find_a_number")]
        indexes = [models.Index(fields=["collection", "state"])]
