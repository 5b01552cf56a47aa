"""Whom notices go to, and which person agreed to it."""

from datetime import date

from django.db import models

from openhotline.core.crypto import lookup
from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.removal.states import ContactState, Level


def _new_id() -> str:
    return public_id("cnt")


def contact_lookup(mail: str, provider: str) -> str:
    """Return the keyed hash by which the same mail address of the same provider is found again.

    Both together: a registry that names the address of one provider for another makes a new contact, which waits.
    """
    return lookup("contact", f"{mail.strip().lower()}\n{' '.join(provider.lower().split())}")


class Contact(models.Model):
    """One mail address for one provider. Provider and country may be kept in clear; the address is sealed."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    lookup = models.CharField(max_length=64, unique=True)
    mail = SealedText()
    provider = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    level = models.CharField(max_length=16, default=Level.HOST)
    language = models.CharField(max_length=8, default="en")
    blocked_days = models.CharField(max_length=200, blank=True, help_text="such as: sat sun 12-25; none is sent then")
    state = models.CharField(max_length=16, default=ContactState.PROPOSED)
    source = models.CharField(max_length=200, help_text="the registry's server that said so, or 'a person'")
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=40, blank=True)
    seconded_by = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "proposed_at"])]

    def is_blocked(self, day: date) -> bool:
        """Say whether no notice goes out on this day (UTC)."""
        return bool({f"{day:%a}".lower(), f"{day:%m-%d}"} & set(self.blocked_days.split()))


class HostAnswer(models.Model):
    """One answer about a site, as it was given: of the DNS, a registry or a table, with its moment. Never changed."""

    lookup = models.CharField(max_length=64, help_text="keyed hash of host and port")
    asked = models.CharField(max_length=16)
    at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True)
    said = SealedText(help_text="JSON")
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["lookup", "at"])]
