"""Who can be reached out of hours."""

from django.db import models

from openhotline.accounts.models.person import Person
from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("onc")


class OnCall(models.Model):
    """One person's turn on call. ``step`` says in which order they are tried: 1 first, then 2 and 3."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="on_call")
    step = models.PositiveSmallIntegerField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mail = SealedText(
        null=True, help_text="where a word goes when something cannot wait; null: nowhere, they are called"
    )
    called_at = models.DateTimeField(null=True, help_text="when a word last went there")
    ended_at = models.DateTimeField(null=True, help_text="taken off the rota")

    class Meta:
        indexes = [models.Index(fields=["ends_at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("begins_at")), name="on_call_ends_later"),
            models.CheckConstraint(condition=models.Q(step__gte=1, step__lte=3), name="on_call_three_steps"),
        ]
