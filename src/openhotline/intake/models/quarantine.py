"""What is known of a report in quarantine, for as long as it waits there."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from openhotline.intake.models.report import Report
from openhotline.intake.states import Lane, ReportState, Why


@dataclass(frozen=True)
class QuarantineGroup:
    """What one sender has in quarantine for going over one limit: how many, from when to when."""

    sender: str
    why: str
    many: int
    first: datetime
    last: datetime


class QuarantinedReports(models.Manager["Quarantined"]):
    """Reads what waits: reports that were received and that nobody has released or set aside."""

    def waiting(self) -> "models.QuerySet[Quarantined]":
        """Return the rows of reports that a person has to decide about."""
        return self.filter(report__lane=Lane.QUARANTINE, report__state=ReportState.RECEIVED)

    def of_everybody(self) -> "models.QuerySet[Quarantined]":
        """Return the rows of reports that wait only since everybody together sent too much, oldest first."""
        return self.waiting().filter(why=Why.DOOR).order_by("at", "pk")

    def groups(self, limit: int) -> list[QuarantineGroup]:
        """Return what waits by sender and limit: single reports first, the largest groups last."""
        rows = self.waiting().values("sender", "why")
        counted = rows.annotate(many=models.Count("pk"), first=models.Min("at"), last=models.Max("at"))
        return [QuarantineGroup(**row) for row in counted.order_by("many", "first")[:limit]]

    def forget_sender(self, report: Report) -> None:
        """Keep no longer who sent a report: it became urgent, and nobody decides about it by its sender."""
        self.filter(report=report).update(sender="")

    def names(self, *, sender: str, why: str, until: datetime, limit: int = 500) -> list[str]:
        """Return the outside ids of a group that came until then, oldest first; of all senders where none is named."""
        rows = self.waiting().filter(why=why, at__lte=until)
        chosen = rows.filter(sender=sender) if sender else rows
        return list(chosen.order_by("at", "pk").values_list("report__public_id", flat=True)[:limit])


class Quarantined(models.Model):
    """Which limit a report went over. ``sender`` is the day's hash of who sent it, or a partner's outside id.

    It groups what one sender sent in a day, and nothing else. It goes when the report is released or set aside,
    and ``sender`` as soon as the report is urgent.
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, primary_key=True, related_name="quarantined")
    why = models.CharField(max_length=16)
    sender = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects = QuarantinedReports()
