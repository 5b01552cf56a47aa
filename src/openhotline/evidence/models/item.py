"""One file, by SHA-256; where it was seen; what is shown of it."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.evidence.states import ItemState
from openhotline.intake.models import Address, Find, Report


def _new_id() -> str:
    return public_id("itm")


class Item(models.Model):
    """Unique bytes. Object (blob store) and data key (key store) go by ``public_id``; both are bound to ``case``."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    lookup = models.CharField(max_length=64, unique=True, help_text="keyed hash of the SHA-256")
    case = models.CharField(
        max_length=40, blank=True, editable=False, help_text="outside id of what it first came in with; never changed"
    )
    digests = SealedText(help_text="JSON: sha256, sha1, md5, in hex")
    bytes = models.PositiveBigIntegerField()
    state = models.CharField(max_length=16, default=ItemState.SEALED)
    unreadable_reason = models.CharField(max_length=32, blank=True)
    format = models.CharField(max_length=16, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    pdq = SealedText(null=True, help_text="64 hex digits, of the canonical form")
    quality = models.PositiveSmallIntegerField(null=True)
    # db_default: an older version of this software, still running beside, writes none.
    pdq_canonical = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="canonical form that was hashed; empty: not kept",
    )
    ai_involvement = models.CharField(max_length=40, blank=True, help_text="provenance axis; empty: not examined")
    real_basis = models.CharField(max_length=40, blank=True, help_text="provenance axis; empty: not examined")
    suspects_altered_real = models.BooleanField(null=True, help_text="null: not examined")
    provenance = models.JSONField(null=True, help_text="open part of the file evidence")
    provenance_sealed = models.BinaryField(
        null=True, help_text="JSON: prompts, thumbnails, free text; sealed under the item's data key"
    )
    sealed_at = models.DateTimeField()
    examined_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state"])]


class Sighting(models.Model):
    """An item seen: at an address, as a collection's find, or both. Every file found is one sighting.

    A picture at one address that two pages show is found twice.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="sightings")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, related_name="sightings")
    page = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, related_name="pictures")
    find = models.OneToOneField(Find, on_delete=models.PROTECT, null=True, related_name="sighting")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="sightings")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "address"],
                condition=models.Q(find__isnull=True, address__isnull=False, page__isnull=True),
                name="one_sighting_an_address",
            ),
            # Two constraints, since no two nulls are alike to a database.
            models.UniqueConstraint(
                fields=["item", "address", "page"],
                condition=models.Q(find__isnull=True, address__isnull=False, page__isnull=False),
                name="one_sighting_a_page",
            ),
        ]


class Rendition(models.Model):
    """What is shown in place of the original; sealed under the item's data key, bound to its kind."""

    TILE = "tile"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="renditions")
    kind = models.CharField(max_length=16)
    sealed = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "kind"], name="one_rendition_a_kind")]
