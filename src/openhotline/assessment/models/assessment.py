"""One person's facts about one item."""

from django.db import models

from openhotline.assessment.states import ONE_AN_ITEM, Opinion
from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.evidence.models import Item


def _new_id() -> str:
    return public_id("asm")


class Assessment(models.Model):
    """Facts as recorded, every one with *not determined* as a value. Undone ones stay, with the moment."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="assessments")
    person = models.CharField(max_length=40)
    opinion = models.CharField(max_length=8, default=Opinion.FIRST)
    facts = models.JSONField()
    note = SealedText(null=True, help_text="what no question asks, without names or addresses; null for none")
    idempotency = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "opinion"],
                condition=models.Q(undone_at__isnull=True, opinion__in=ONE_AN_ITEM),
                name="one_live_assessment_an_opinion",
            ),
            models.UniqueConstraint(
                fields=["item", "person"],
                condition=models.Q(undone_at__isnull=True),
                name="nobody_assesses_twice",
            ),
            models.UniqueConstraint(fields=["person", "idempotency"], name="one_assessment_a_key"),
        ]
        indexes = [
            models.Index(fields=["opinion", "-made_at"]),
            models.Index(fields=["person", "-made_at"], name="opinions_of_a_person"),
        ]
