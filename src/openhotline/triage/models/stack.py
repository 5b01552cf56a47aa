"""Near duplicates shown as one."""

from django.db import models

from openhotline.core.ids import public_id
from openhotline.evidence.models import Item


def _new_id() -> str:
    return public_id("stk")


class Stack(models.Model):
    """Items within 31 bits of the leader, the first that came. ``points`` and ``reasons`` say why it comes first."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    leader = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="leads_stack")
    members = models.PositiveIntegerField(default=0)
    points = models.IntegerField(default=0)
    reasons = models.JSONField(default=list, help_text="[reason code, points] pairs")
    decided = models.BooleanField(default=False, help_text="pushed by the journey: shown again to nobody by default")
    waiting = models.BooleanField(default=False, help_text="has unsorted members that lie on no open sheet")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-points", "id"], condition=models.Q(waiting=True), name="stacks_waiting_for_a_sheet")
        ]


class StackMember(models.Model):
    """An item's place in a stack. Members of one part (same ``part``, tight, alike in evidence) share a decision."""

    stack = models.ForeignKey(Stack, on_delete=models.PROTECT, related_name="items")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="stacked")
    part = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="part_members", help_text="lead of its part")
    distance = models.PositiveSmallIntegerField(help_text="bits to the stack's leader")
    part_distance = models.PositiveSmallIntegerField(help_text="bits to the part's lead")
    apart = models.BooleanField(help_text="marked or suspected as an altered real picture: decided alone")
