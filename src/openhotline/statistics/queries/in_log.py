"""What the audit log says of a period: the same figures from other rows, written at another moment."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, IntegerField, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from openhotline.audit.models import Record
from openhotline.statistics.models.period import Period


@dataclass(frozen=True)
class _Told:
    """Which lines of the log tell a figure: each says how many things it was about, in ``number`` of its detail or not.

    ``saying``: what their detail has to say to count. ``lines``: actions of which each line is one, whatever it was
    about.
    """

    actions: tuple[str, ...] = ()
    number: str = ""
    saying: dict[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


BY_DEVICE = ("device_hashes_kept",)
BY_PARTNERS = ("partner_reports_received",)
TOLD_BY = {
    "reports": _Told(("report_received", "abandoned_reports_received", *BY_PARTNERS), lines=BY_DEVICE),
    "reports.partner": _Told(BY_PARTNERS),
    "reports.device": _Told(lines=BY_DEVICE),
    "found": _Told(("items_sealed",), number="sightings"),
    "removals": _Told(("removals_opened",)),
    "work.opinions": _Told(("item_assessed",)),
    "work.second": _Told(("item_assessed",), saying={"opinion": "second"}),
    "work.decisions": _Told(("decisions_published",)),
    "work.notices": _Told(("notice_sent",)),
    "work.referred": _Told(("referral_built",)),
}


def in_log(period: Period, at: datetime) -> dict[str, int]:
    """Return by figure what the log says of a period up to a moment."""
    lines = Record.objects.filter(at__gte=period.starts, at__lt=period.ends, at__lte=at)
    found: dict[str, int] = {}
    for key, told in TOLD_BY.items():
        rows = lines.filter(action__in=told.actions, **{f"detail__{name}": said for name, said in told.saying.items()})
        number = Cast(KeyTextTransform(told.number, "detail"), IntegerField()) if told.number else F("count")
        found[key] = (rows.aggregate(all=Sum(number))["all"] or 0) + lines.filter(action__in=told.lines).count()
    return found
