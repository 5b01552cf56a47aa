"""A URL, raw and canonical, as sensitive as a picture."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from openhotline.core.crypto import lookup
from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.core.net.addresses import ParsedAddress
from openhotline.intake.states import Standing


def _new_id() -> str:
    return public_id("adr")


class Addresses(models.Manager["Address"]):
    """Finds addresses by their keyed hash, and keeps each once."""

    def keep(self, parsed: Iterable[ParsedAddress], *, now: datetime) -> dict[str, "Address"]:
        """Return {canonical form: its Address}, made where it was not there; three queries however many.

        Call it inside the caller's transaction. The encrypted columns are not loaded.
        """
        forms = {one.canonical: one for one in parsed}
        lookups = {canonical: lookup("address", canonical) for canonical in forms}
        there = self._by_lookup(lookups.values())
        # In one order, so that two transactions that insert the same addresses wait for each other in turn.
        new = sorted((form for form, key in lookups.items() if key not in there), key=lookups.__getitem__)
        if new:
            self.bulk_create(
                (Address(lookup=lookups[form], raw=forms[form].raw, canonical=form, first_seen_at=now) for form in new),
                ignore_conflicts=True,
            )
            there |= self._by_lookup(lookups[form] for form in new)
        return {canonical: there[key] for canonical, key in lookups.items()}

    def _by_lookup(self, lookups: Iterable[str]) -> dict[str, "Address"]:
        rows = self.filter(lookup__in=list(lookups)).defer("raw", "canonical")
        return {row.lookup: row for row in rows}


class Address(models.Model):
    """Found again by the keyed hash of its canonical form; readable only with the columns key."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    lookup = models.CharField(max_length=64, unique=True)
    raw = SealedText()
    canonical = SealedText()
    standing = models.CharField(max_length=16, default=Standing.NEW)
    first_seen_at = models.DateTimeField()

    objects = Addresses()
