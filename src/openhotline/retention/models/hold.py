"""Something that must not be deleted, for now."""

from datetime import datetime

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("hld")


class Holds(models.Manager["Hold"]):
    """Finds what holds now: the one place that says when a hold is in force."""

    def in_force(self, now: datetime) -> models.QuerySet["Hold"]:
        """Return the holds in force, the one that ends first first."""
        return self.filter(lifted_at=None, until__gt=now).order_by("until", "pk")


class Hold(models.Model):
    """A report or an item that must be kept: why, by whom, until when. Names its subject by outside id."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    subject = models.CharField(max_length=40, help_text="outside id of a report or an item")
    cause = models.CharField(max_length=16)
    reference = SealedText(help_text="file number or the like, as whoever asked wrote it; may name a person")
    placed_by = models.CharField(max_length=40)
    placed_at = models.DateTimeField()
    until = models.DateTimeField()
    lifted_by = models.CharField(max_length=40, blank=True)
    lifted_at = models.DateTimeField(null=True)

    objects = Holds()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "cause"], condition=models.Q(lifted_at__isnull=True), name="one_live_hold_a_cause"
            ),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("placed_at")), name="a_hold_has_an_end"),
        ]

    @property
    def why(self) -> str:
        """Return why its subject must be kept, until when, and who ends it: a sentence that begins with "it"."""
        return (
            f"it is under a legal hold ({self.cause}) until {self.until:%d %B %Y}. "
            f"Whoever may lift it does so with: openhotline retention lift {self.public_id}."
        )
