"""A time in which no notice goes out."""

from django.db import models


class MailHold(models.Model):
    """Begun by a restore: what the backup shows as waiting may have gone out since. Ended by a person."""

    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_by"], condition=models.Q(ended_at__isnull=True), name="one_mail_hold_at_a_time"
            )
        ]
