"""A time in which no list goes out."""

from django.db import models


class ReleaseHold(models.Model):
    """Begun by a restore: what was withdrawn since the backup stands again. Ended by a manager.

    ``out`` is list -> the highest version that members may have had then; the next one lies above it.
    """

    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)
    out = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_by"], condition=models.Q(ended_at__isnull=True), name="one_release_hold_at_a_time"
            )
        ]
