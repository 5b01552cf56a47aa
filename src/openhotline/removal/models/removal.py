"""The taking down of one address."""

from collections.abc import Sequence

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.intake.models import Address
from openhotline.removal.models.contact import Contact
from openhotline.removal.states import Level, RemovalState

LONGEST_SENTENCE = 300


def sentence(text: str) -> str:
    """Return a sentence as long as its column holds."""
    return text if len(text) <= LONGEST_SENTENCE else f"{text[: LONGEST_SENTENCE - 1]}…"


class Hosting(models.Model):
    """Who hosts a host name, as it was told last. Provider, network and country may be kept in clear."""

    lookup = models.CharField(max_length=64, unique=True, help_text="keyed hash of host and port")
    provider = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    contact = SealedText(null=True, help_text="abuse contact; null: none published")
    looked_up_at = models.DateTimeField()
    asn = models.PositiveBigIntegerField(default=0, db_default=0, help_text="autonomous system; 0: not known")
    network_start = models.CharField(max_length=45, blank=True, db_default="")
    network_end = models.CharField(max_length=45, blank=True, db_default="")
    others = models.JSONField(
        default=list,
        db_default=[],
        help_text="first and last IP address of each further network in which the site lies",
    )
    cdn = models.CharField(
        max_length=60, blank=True, db_default="", help_text="the network in front that hides who hosts; '': none"
    )
    host_contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+")
    owner_contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+")
    registrar_contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+")
    further_contacts = models.ManyToManyField(
        Contact, related_name="+", help_text="of the further networks in which the site lies; told as the first is"
    )

    def contact_at(self, level: str) -> Contact | None:
        """Return whom a notice of this level goes to; None where nobody is known."""
        contact: Contact | None = getattr(self, CONTACT_OF[Level(level)])
        return contact


CONTACT_OF = {Level.HOST: "host_contact", Level.OWNER: "owner_contact", Level.REGISTRAR: "registrar_contact"}
"""Which contact of a hosting a notice of each level goes to."""


class Removal(models.Model):
    """One address with a confirmed item: noticed, re-checked, gone after three misses.

    Two clocks: from ``reported_at``, when the address first came to us, and from ``first_noticed_at``, to ``gone_at``.
    """

    address = models.OneToOneField(Address, on_delete=models.PROTECT, related_name="removal")
    state = models.CharField(max_length=16, default=RemovalState.OPENED)
    hosting = models.ForeignKey(Hosting, on_delete=models.PROTECT, null=True, related_name="removals")
    origin = SealedText(null=True, help_text="where the site behind a network in front is hosted, as a person recorded")
    level = models.CharField(max_length=16, default=Level.HOST, db_default=Level.HOST)
    sentence = models.CharField(max_length=LONGEST_SENTENCE, blank=True)
    misses = models.PositiveSmallIntegerField(default=0)
    chases = models.PositiveSmallIntegerField(default=0, db_default=0)
    looks_after = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="how often it was looked at since it is gone"
    )
    next_check_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True, help_text="null: from before this was kept")
    opened_at = models.DateTimeField()
    first_noticed_at = models.DateTimeField(null=True)
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


class Recheck(models.Model):
    """One look at an address after its removal was opened."""

    removal = models.ForeignKey(Removal, on_delete=models.PROTECT, related_name="rechecks")
    at = models.DateTimeField()
    seen = models.CharField(max_length=16)
    sentence = models.CharField(max_length=LONGEST_SENTENCE, blank=True)
    same_file = models.BooleanField(null=True, help_text="whether the bytes are a confirmed item's; null: not compared")

    class Meta:
        indexes = [models.Index(fields=["removal", "at"])]


class Hold(models.Model):
    """A time in which the police asked for no notice. Its end only alerts a person."""

    removal = models.ForeignKey(Removal, on_delete=models.PROTECT, related_name="holds")
    rule = models.CharField(max_length=60, help_text="the rule that asked for it, or 'a person'")
    begun_at = models.DateTimeField()
    runs_out_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    reference = SealedText(null=True, help_text="the police's own")
    alerted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)
    end = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["removal"], condition=models.Q(ended_at__isnull=True), name="one_hold_a_removal"
            )
        ]
