"""A page of small blurred stack tiles that a person goes through."""

from django.db import models

from openhotline.core.ids import public_id
from openhotline.evidence.models import Item
from openhotline.triage.models.stack import Stack
from openhotline.triage.states import SheetState


def _new_id() -> str:
    return public_id("sht")


class SortingSheet(models.Model):
    """Up to 60 stacks, taken by one person and done once."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    state = models.CharField(max_length=16, default=SheetState.WAITING)
    person = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)


class SheetTile(models.Model):
    """What one tile stands for: ``item`` and, unless it is shown apart, its stack's other members that are not.

    ``kept`` is null until the sheet is done; ``reason`` says why it was set aside. A second look is a tile that
    somebody else, or a rule, had sorted before: it stands for its item alone, and the page does not tell it from the
    others.
    """

    sheet = models.ForeignKey(SortingSheet, on_delete=models.PROTECT, related_name="tiles")
    stack = models.ForeignKey(Stack, on_delete=models.PROTECT, related_name="tiles")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="tiles", help_text="the one shown")
    position = models.PositiveSmallIntegerField()
    kept = models.BooleanField(null=True)
    reason = models.CharField(max_length=32, blank=True)
    second_look = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "position"], name="one_tile_a_position"),
            models.UniqueConstraint(fields=["sheet", "item"], name="one_tile_an_item"),
        ]
