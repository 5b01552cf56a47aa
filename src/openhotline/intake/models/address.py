"""A URL, raw and canonical, as sensitive as a picture."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.intake.states import Standing


def _new_id() -> str:
    return public_id("adr")


class Address(models.Model):
    """Found again by the keyed hash of its canonical form; readable only with the columns key."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    lookup = models.CharField(max_length=64, unique=True)
    raw = SealedText()
    canonical = SealedText()
    standing = models.CharField(max_length=16, default=Standing.NEW)
    first_seen_at = models.DateTimeField()
