"""Whom to call: services near by, with the day each number was last checked."""

from datetime import date

from django.db import models

from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("con")


class Contact(models.Model):
    """A service, for whom it is, and its number. A number nobody checked in time is shown as due, never hidden."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    name = models.CharField(max_length=120)
    for_whom = models.CharField(max_length=200)
    number = models.CharField(max_length=60)
    checked_on = models.DateField()
    next_check = models.DateField()
    retired_at = models.DateTimeField(null=True)

    def is_due(self, today: date) -> bool:
        """Say whether somebody has to try the number again."""
        return self.next_check <= today
