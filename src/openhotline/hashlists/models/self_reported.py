"""The self-reported list: hashes that young people made of their own pictures, on their own devices.

Nobody at the hotline has the pictures, so nobody has reviewed them. A row never becomes an entry; nothing of it stands
in a release of the list. A member that finds a picture by it looks at the picture before acting.
"""

from dataclasses import dataclass

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.hashlists.states import SelfReportedState


@dataclass(frozen=True, kw_only=True)
class SelfReportedHash:
    """A hash as an earlier stage hands it over: ``origin`` is its outside id there, ``pdq`` 64 hex digits."""

    origin: str
    pdq: str
    quality: int


def _new_id() -> str:
    return public_id("slf")


class SelfReported(models.Model):
    """One hash, readable with the columns key alone. There is no column to look it up by, and nothing to compare it to.

    The same picture sent twice is two rows, so that one of them can be taken back. ``pdq`` is null once it was.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    origin = models.CharField(max_length=40, unique=True)
    pdq = SealedText(null=True)
    quality = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=16, default=SelfReportedState.UNREVIEWED)
    kept_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    released_in = models.PositiveIntegerField(null=True, help_text="first version for members that held it")
    tombstoned_in = models.PositiveIntegerField(null=True, help_text="first version for members that took it back")

    class Meta:
        indexes = [models.Index(fields=["state"])]
