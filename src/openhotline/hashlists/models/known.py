"""Lists that others gave us: what each says, how near its pictures reach, and its files and pictures."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.hashlists.states import LARGEST_RADIUS, LEAST_QUALITY, HashKind


class KnownList(models.Model):
    """One list by the name its owner uses, and the rules by which it is matched. It says one thing of all it holds."""

    name = models.CharField(max_length=64, unique=True)
    verdict = models.CharField(max_length=16)
    near_radius = models.PositiveSmallIntegerField(
        null=True, default=LARGEST_RADIUS, help_text="bits, 0 to 31; null: its pictures are not matched"
    )
    least_quality = models.PositiveSmallIntegerField(
        default=LEAST_QUALITY, help_text="PDQ quality that a picture needs to be matched nearly, on either side"
    )
    upright = models.BooleanField(
        null=True, help_text="hashed as people see it; null: not known, so eight turns are tried"
    )
    flood_after = models.PositiveIntegerField(
        null=True, help_text="items in a day by which one entry is held for a person; null: as the rules of triage say"
    )
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(near_radius__isnull=True) | models.Q(near_radius__lte=31), name="near_is_at_most_31"
            )
        ]


class KnownFile(models.Model):
    """An exact file on an imported list, by the keyed hash of its SHA-256, SHA-1 or MD5."""

    list_name = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, default=HashKind.SHA256)
    lookup = models.CharField(max_length=64)
    verdict = models.CharField(max_length=16)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list_name", "lookup"], name="one_line_a_file")]
        indexes = [models.Index(fields=["lookup"])]


def _new_id() -> str:
    return public_id("kno")


class KnownPicture(models.Model):
    """A picture on an imported list, by its PDQ; ``lookup`` is the keyed hash of that, to keep each once."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    known_list = models.ForeignKey(KnownList, on_delete=models.PROTECT, related_name="pictures")
    lookup = models.CharField(max_length=64)
    pdq = SealedText(help_text="64 hex digits, as the list gives them")
    quality = models.PositiveSmallIntegerField(null=True, help_text="0 to 100; null: the list does not say")
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["known_list", "lookup"], name="one_line_a_picture")]
