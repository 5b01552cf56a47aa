"""A hand-over to police."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.evidence.models import Item
from openhotline.referral.states import ReferralState


def _new_id() -> str:
    return public_id("ref")


class Referral(models.Model):
    """Up to 100 items for one partner, approved by two people, sealed to the partner's key."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    partner = models.CharField(max_length=120)
    recipient = models.CharField(max_length=120, help_text="age public key")
    state = models.CharField(max_length=16, default=ReferralState.DRAFTED)
    manifest = SealedText(help_text="JSON as it stands in the package: it has hashes and addresses")
    manifest_sha256 = models.CharField(max_length=64)
    package_sha256 = models.CharField(max_length=64, blank=True)
    practice = models.BooleanField(default=False)
    drafted_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True)


class ReferredItem(models.Model):
    """An item of a referral; referred once."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="items")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="referred")
