"""Someone's statement that an address carries material."""

import json
from collections.abc import Mapping

from django.db import models

from openhotline.core.crypto import seal_at_the_door
from openhotline.core.ids import public_id
from openhotline.intake.models.address import Address
from openhotline.intake.states import Lane, ReportState


def _new_id() -> str:
    return public_id("rep")


class Report(models.Model):
    """Saved with its first page. ``details`` is sealed to the intake key by the public door."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    source = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default=ReportState.STARTED)
    lane = models.CharField(max_length=16, default=Lane.ORDINARY)
    started_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - null: none given
    idempotency = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - null: none sent
    details = models.BinaryField(null=True, help_text="JSON sealed to the intake key")
    practice = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["state", "started_at"]),
            models.Index(
                fields=["received_at"],
                condition=models.Q(receipt__isnull=False) | models.Q(idempotency__isnull=False),
                name="reports_with_a_receipt",
            ),
        ]

    def tell(self, sealed: bytes | None, *, urgent: bool) -> bool:
        """Put sealed details and the lane on a locked report and save; return whether anything changed.

        Once the report was received, details that are there are never replaced; urgent is never taken back.
        """
        keeps = sealed is not None and (self.state == ReportState.STARTED or self.details is None)
        lane = Lane.URGENT if urgent else Lane(self.lane)
        changed = keeps or lane != self.lane
        if keeps:
            self.details = sealed
        self.lane = lane
        if changed:
            self.save(update_fields=["details", "lane"])
        return changed


def sealed_details(details: Mapping[str, str]) -> bytes | None:
    """Return what was told, sealed to the intake key; None when nothing was."""
    told = {name: text for name, text in details.items() if text}
    return seal_at_the_door(json.dumps(told)) if told else None


class ReportedAddress(models.Model):
    """One address of a report: sealed as it was typed; ``address`` once it was screened, or the reason why not."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="addresses")
    position = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, related_name="reported")
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="one_address_a_position")]
