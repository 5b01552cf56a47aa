"""A pass of changed law over all decisions, and what it changed."""

from django.db import models

from openhotline.assessment.models.decision import Decision
from openhotline.assessment.states import RederivationState
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("rdv")


class Rederivation(models.Model):
    """One pass under one set of rules and as of one day. ``cursor`` is the last decision that was done."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    law_version = models.CharField(max_length=16)
    as_of = models.DateField()
    state = models.CharField(max_length=16, default=RederivationState.RUNNING)
    cursor = models.BigIntegerField(default=0)
    examined = models.BigIntegerField(default=0, help_text="decisions")
    changed = models.BigIntegerField(default=0, help_text="outcomes")
    unreadable = models.BigIntegerField(default=0, help_text="decisions whose facts the rules cannot read")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=RederivationState.RUNNING),
                name="one_rederivation_at_a_time",
            )
        ]


class OutcomeChange(models.Model):
    """One outcome before and after. ``kind_before`` is empty where a place had none; null is *not determined*."""

    rederivation = models.ForeignKey(Rederivation, on_delete=models.PROTECT, related_name="changes")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="outcome_changes")
    jurisdiction = models.CharField(max_length=16)
    kind_before = models.CharField(max_length=32, blank=True)
    category_before = models.CharField(max_length=1, blank=True)
    criminal_before = models.BooleanField(null=True)
    provision_before = models.CharField(max_length=64, blank=True)
    as_of_before = models.DateField(null=True)
    law_version_before = models.CharField(max_length=16, blank=True)
    trace_before = models.JSONField(default=list)
    kind_after = models.CharField(max_length=32)
    category_after = models.CharField(max_length=1, blank=True)
    criminal_after = models.BooleanField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rederivation", "decision", "jurisdiction"], name="one_change_a_rederivation"
            )
        ]
