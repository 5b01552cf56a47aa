"""That people end records: exactly which, and which ended whose rows stay because they are counted."""

from hashlib import sha256

from django.db import models

from openhotline.core.ids import public_id
from openhotline.endings.states import EndingState
from openhotline.evidence.models.purge import canonical


def _new_id() -> str:
    return public_id("end")


class Ending(models.Model):
    """Records of one class that are to end, by outside id. ``names`` is exactly what is approved."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    record_class = models.CharField(max_length=40)
    state = models.CharField(max_length=16, default=EndingState.DRAFTED)
    names = models.JSONField(help_text="outside ids, in order")
    passed = models.PositiveIntegerField(default=0, help_text="how many were gone through, in the order of the class")
    drafted_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    @property
    def manifest_sha256(self) -> str:
        """Return the SHA-256 (hex) of exactly what ends: what the approval is bound to."""
        told = {"ending": self.public_id, "class": self.record_class, "names": self.names}
        return sha256(canonical(told)).hexdigest()


class Ended(models.Model):
    """One record that ended and whose row stays, since it is counted or others point to it: it is not due again."""

    record_class = models.CharField(max_length=40)
    name = models.CharField(max_length=48, help_text="outside id")
    ending = models.ForeignKey(Ending, on_delete=models.PROTECT, related_name="ended")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_class", "name"], name="a_record_ends_once")]
