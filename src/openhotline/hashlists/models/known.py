"""Lists that others gave us: what each says, how near its pictures reach, and its files and pictures."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.hashlists.states import LARGEST_RADIUS, LEAST_QUALITY, HashKind, Sharing


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
    source = models.CharField(max_length=120, blank=True, help_text="who gave it to us; empty: not recorded")
    sharing = models.CharField(max_length=16, default=Sharing.NOT_DETERMINED, help_text="whether we may pass it on")
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
    named = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="keyed hash of what its owner calls the entry"
    )
    withdrawn_at = models.DateTimeField(null=True, help_text="taken back by its owner: it matches nothing")
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
    # db_default: an older version of this software, still running beside, writes none.
    canonical = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="which form was hashed; empty: the list does not say",
    )
    named = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="keyed hash of what its owner calls the entry"
    )
    withdrawn_at = models.DateTimeField(null=True, help_text="taken back by its owner: it matches nothing")
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["known_list", "lookup"], name="one_line_a_picture")]


class KnownImport(models.Model):
    """How far a file of a partner's list was taken, so that an import that was broken off goes on where it was."""

    known_list = models.ForeignKey(KnownList, on_delete=models.PROTECT, related_name="imports")
    file_sha256 = models.CharField(max_length=64)
    lines = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["known_list", "file_sha256"], name="one_import_a_file")]
