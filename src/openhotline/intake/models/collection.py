"""Many finds brought in together."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.intake.models.address import Address
from openhotline.intake.states import FindState


def _new_id() -> str:
    return public_id("col")


class Collection(models.Model):
    """A found collection: where it lies for import, under which authority, how many finds it is to have.

    ``folder`` is the folder or zip archive; ``manifest``, ``site`` and ``found_by`` are as they were last given, so
    that the import can be taken up again. None is not said.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    name = models.CharField(max_length=120)
    folder = SealedText()
    authority = models.CharField(max_length=40, help_text="outside id of the recorded authority")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=40)
    finds_expected = models.PositiveIntegerField()
    manifest = SealedText(null=True)
    site = SealedText(null=True, help_text="origin that it was found on")
    found_by = SealedText(null=True, help_text="who found it, as the operator says")


class Batch(models.Model):
    """Finds registered together, at most 500: by whom they were brought, and under which authority."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="batches")
    at = models.DateTimeField()
    by = models.CharField(max_length=40, help_text="outside id of the person, or the step or command")
    authority = models.CharField(max_length=40, help_text="outside id of the recorded authority")
    finds = models.PositiveSmallIntegerField()


class Find(models.Model):
    """One file found: a sighting-to-be. ``path`` is relative to the collection's folder.

    ``number`` is the manifest's own, and a find is known by it; where the manifest has none, it is known by its path
    (``lookup``) and numbered in order. A line that has neither is refused under ``NO_NUMBER`` + its line.
    """

    NO_NUMBER = 2_000_000_000

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="finds")
    number = models.PositiveIntegerField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="brought")
    lookup = models.CharField(max_length=64, null=True, help_text="keyed hash of collection and path")  # noqa: DJ001 - no two nulls are alike
    path = SealedText()
    address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, related_name="finds")
    page = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, related_name="finds_on_page")
    claimed = SealedText(null=True, help_text="JSON: length and digests claimed, checked when sealing")
    told = SealedText(null=True, help_text="JSON: place, found_by, found_at, category as the manifest says")
    state = models.CharField(max_length=16, default=FindState.REGISTERED)
    why = models.CharField(max_length=16, blank=True, default="", db_default="", help_text="code of the refusal")
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "number"], name="one_find_a_number"),
            models.UniqueConstraint(fields=["collection", "lookup"], name="one_find_a_path"),
        ]
        indexes = [models.Index(fields=["collection", "state"])]
