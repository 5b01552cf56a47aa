"""How reports end, and what brought many of them at once.

A report is counted by its source and the day it came: that stays. Which address it named stays too, as long as the
address does: the time from the report to the removal is counted from it. Receipts are no part of this: they end on one
timetable for everybody.
"""

from django.db.models import F, Q

from openhotline.endings.models.rows import Ends, Kept, Records, blank, goes
from openhotline.intake.models import Collection, Report, WebhookMessage
from openhotline.intake.states import FindState, Lane, ReportState

_UNREAD = Q(read_at=None) & (Q(state=ReportState.FOR_A_PERSON) | Q(lane=Lane.URGENT))

_REPORTS = Records(
    model="intake.Report",
    prefix="rep",
    due=lambda before: Report.objects.filter(received_at__lt=before).order_by("received_at", "pk"),
    subjects=("public_id", "sightings__item__public_id"),
    kept=(
        Kept(Q(state__in=[ReportState.STARTED, ReportState.RECEIVED]), "it was not screened yet."),
        Kept(_UNREAD, "nobody has read it yet, and a person has to."),
        Kept(
            Q(sightings__isnull=False, sightings__item__tombstone=None),
            "a file that it brought is still here. Purge that first: openhotline purge draft.",
        ),
        Kept(Q(sent_by__next_at__isnull=False), "its partner is still told of it."),
    ),
    parts=(
        goes("intake.Answer", "question__report"),
        goes("intake.Question", "report"),
        goes("intake.WebhookMessage", "report"),
        goes("intake.PartnerReport", "report"),
        goes("intake.Quarantined", "report"),
        blank("intake.ReportedAddress", "report", sealed=b"", refusal=""),
        blank("intake.Report", details=None, contact=None, contact_withdrawn=False, told_at=None),
    ),
)

_COLLECTIONS = Records(
    model="intake.Collection",
    prefix="col",
    due=lambda before: Collection.objects.filter(opened_at__lt=before).order_by("opened_at", "pk"),
    subjects=("finds__sighting__item__public_id",),
    kept=(
        Kept(Q(finds__state=FindState.REGISTERED), "not all of its files were brought in yet."),
        Kept(
            Q(finds__sighting__isnull=False, finds__sighting__item__tombstone=None),
            "a file that it brought is still here. Purge that first: openhotline purge draft.",
        ),
    ),
    parts=(
        blank("intake.Find", "collection", lookup=None, path="", claimed=None, told=None, refusal=""),
        blank("intake.Collection", name=F("public_id"), folder="", manifest=None, site=None, found_by=None),
    ),
)

_MESSAGES = Records(
    model="intake.WebhookMessage",
    prefix="msg",
    due=lambda before: WebhookMessage.objects.filter(report=None, made_at__lt=before).order_by("made_at", "pk"),
    kept=(Kept(Q(next_at__isnull=False), "it was not delivered yet."),),
    parts=(goes("intake.WebhookMessage"),),
)

REPORTS = Ends(
    (_REPORTS, _COLLECTIONS, _MESSAGES),
    stays={"intake.Batch": "how many files were brought in together, when, and by whom as a number"},
)
