"""An item's turn in the assessment queue."""

from django.db import models

from openhotline.assessment.states import Opinion, TurnState
from openhotline.evidence.models import Item


class Turn(models.Model):
    """One opinion asked for on one part of a stack, by its lead item. Locked to one person for a while."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="turns")
    opinion = models.CharField(max_length=8, default=Opinion.FIRST)
    state = models.CharField(max_length=8, default=TurnState.WAITING)
    points = models.IntegerField(default=0)
    person = models.CharField(max_length=40, blank=True)
    locked_until = models.DateTimeField(null=True)
    skipped_by = models.JSONField(default=list)
    put_off = models.JSONField(null=True, help_text="until when (ISO) it does not come to whom (outside id)")
    # db_default: an older version of this software, still running beside, knows neither of the next.
    reserved_for = models.CharField(
        max_length=40, blank=True, db_default="", help_text="who gets it next; its tile is fetched ahead"
    )
    reserved_until = models.DateTimeField(null=True)
    heavy = models.BooleanField(
        default=False, db_default=False, help_text="hard to look at; only for people who have said yes to that"
    )
    appointed = models.CharField(
        max_length=40, blank=True, db_default="", help_text="whom a manager named to settle it, as nobody else was left"
    )
    # The id of the rule that asked for it; never shown to who gives it, or a second opinion would not be blind.
    because = models.CharField(max_length=40, blank=True)
    queued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "opinion"], name="one_turn_an_opinion")]
        indexes = [
            models.Index(fields=["state", "-points", "id"]),
            models.Index(fields=["queued_at"], condition=models.Q(state=TurnState.WAITING), name="turns_waiting_since"),
            models.Index(fields=["opinion"], condition=models.Q(state=TurnState.WAITING), name="turns_waiting_opinion"),
            models.Index(fields=["reserved_for"], condition=~models.Q(reserved_for=""), name="turns_reserved"),
        ]
