"""A study that somebody asked for, and what came of it."""

from django.db import models

from openhotline.core.ids import public_id
from openhotline.forecast.states import StudyState


def _new_id() -> str:
    return public_id("std")


class Study(models.Model):
    """``asks`` are the options it was asked with, ``content`` what its page, its CSV and its JSON show."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=8, default=StudyState.ASKED)
    asks = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    why_failed = models.CharField(max_length=400, blank=True)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(state=StudyState.ASKED), name="one_study_of_a_kind_is_made"
            )
        ]
