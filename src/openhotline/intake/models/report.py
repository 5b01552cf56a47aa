"""Someone's statement that an address carries material."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from openhotline.core.crypto import seal_at_the_door
from openhotline.core.ids import public_id
from openhotline.intake.models.address import Address
from openhotline.intake.states import Lane, ReportState


def _new_id() -> str:
    return public_id("rep")


class Report(models.Model):
    """Saved with its first page. ``details`` and ``contact`` are sealed to the intake key by the public door."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    source = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default=ReportState.STARTED)
    lane = models.CharField(max_length=16, default=Lane.ORDINARY)
    started_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - null: none given
    idempotency = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - null: none sent
    details = models.BinaryField(null=True, help_text="JSON sealed to the intake key")
    contact = models.BinaryField(
        null=True, help_text="how to reach the reporter, if they chose to say; sealed likewise"
    )
    contact_withdrawn = models.BooleanField(default=False, db_default=False)
    told_at = models.DateTimeField(null=True, help_text="when something was last told beside the addresses")
    read_at = models.DateTimeField(null=True, help_text="when a person read it; null again once more is told")
    practice = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["state", "started_at"]),
            models.Index(
                fields=["started_at"],
                condition=models.Q(models.Q(state=ReportState.FOR_A_PERSON) | models.Q(lane=Lane.URGENT), read_at=None),
                name="reports_to_read",
            ),
            models.Index(
                fields=["received_at"],
                condition=models.Q(receipt__isnull=False) | models.Q(idempotency__isnull=False),
                name="reports_with_a_receipt",
            ),
        ]

    @property
    def last_told(self) -> str:
        """Return the moment something was last told beside the addresses, as text; empty for never."""
        return self.told_at.isoformat() if self.told_at else ""

    def tell(self, told: "Told", *, urgent: bool, sent: bool, now: datetime) -> bool:
        """Put what was told and the lane on a locked report and save; return whether anything changed.

        Every form carries all earlier answers, so what is told takes the place of what was told before. Once the report
        was received nothing told is taken away by a form that tells nothing, nor by a page on the way there (not
        ``sent``) that is shown again and tells less. Contact details that were taken back never return because an old
        page was sent once more. Urgent is never taken back. What was read before is unread again.
        """
        writing = self.state == ReportState.STARTED
        before = (self.details, self.contact, self.lane)
        if writing or told.details_after(self.details, sent=sent):
            self.details = told.details
        if (writing or told.contact is not None) and not self.contact_withdrawn:
            self.contact = told.contact
        self.lane = Lane.URGENT if urgent else Lane(self.lane)
        changed = (self.details, self.contact, self.lane) != before
        if changed:
            self.told_at, self.read_at = now, None
            self.save(update_fields=["details", "contact", "lane", "told_at", "read_at"])
        return changed


@dataclass(frozen=True)
class Told:
    """What somebody said beside the addresses, sealed to the intake key; None: nothing."""

    details: bytes | None
    contact: bytes | None

    def details_after(self, earlier: bytes | memoryview | None, *, sent: bool) -> bool:
        """Say whether these details take the place of earlier ones of a report that was received.

        The door cannot open what it sealed; how long it is says which of two tells more.
        """
        if self.details is None:
            return False
        return sent or earlier is None or len(self.details) >= len(earlier)


def sealed(details: Mapping[str, str], contact: str = "") -> Told:
    """Seal what was told: the answers that are not empty, as JSON, and apart from them how to reach the reporter."""
    said = {name: text for name, text in details.items() if text}
    return Told(
        details=seal_at_the_door(json.dumps(said)) if said else None,
        contact=seal_at_the_door(contact) if contact else None,
    )


class ReportedAddress(models.Model):
    """One address of a report: sealed as it was typed; ``address`` once it was screened, or the reason why not."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="addresses")
    position = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, related_name="reported")
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="one_address_a_position")]
