"""Something unusual that an auditor should ask about."""

from django.db import models

from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("alt")


class Alert(models.Model):
    """One rule, one person, one day. A question, not a finding; inside the hotline only."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    rule = models.CharField(max_length=24)
    person = models.CharField(max_length=40)
    subject = models.CharField(max_length=40, blank=True, help_text="outside id of the item, where the rule is of one")
    on = models.DateField(help_text="UTC")
    count = models.PositiveIntegerField()
    usual = models.FloatField(help_text="the number it was measured against: the rule's, or the person's own")
    raised_at = models.DateTimeField()
    seen_by = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "person", "subject", "on"], name="one_alert_a_rule_and_day")
        ]


class Reviewed(models.Model):
    """Up to when looks were reviewed. One row, key 1."""

    until = models.DateTimeField()
