"""A decision that somebody puts in question."""

from django.db import models

from openhotline.assessment.models.decision import Decision
from openhotline.assessment.states import ReassessmentState
from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("rea")


class Reassessment(models.Model):
    """A request to decide again, by somebody who has given no opinion on the item yet. One at a time a decision."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reassessments")
    source = models.CharField(max_length=16, help_text="who puts it in question, of Source in states")
    asked_by = models.CharField(max_length=40, help_text="outside id of a person here, or the step that asks")
    note = SealedText(null=True, help_text="what was said; never the name of a member, a reporter or a child")
    state = models.CharField(max_length=8, default=ReassessmentState.OPEN)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=models.Q(state=ReassessmentState.OPEN), name="one_open_reassessment"
            )
        ]
