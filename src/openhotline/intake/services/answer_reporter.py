"""Somebody with receipt words asks what is held about their report, or wants it forgotten."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import receipt_lookup
from openhotline.core.errors import Missing
from openhotline.intake.models import Answer, Report
from openhotline.intake.models.receipt import read_words
from openhotline.intake.queries import ReportFacts, report_page
from openhotline.intake.services.forget_reporters import NOTHING
from openhotline.retention.policies import check_not_held, settle_holds


def answer_reporter(*, words: str, forget: bool, actor: str, now: datetime) -> ReportFacts:
    """Return what somebody told with the report of these receipt words; with ``forget``, take it away as well.

    For the person who answers the request, never for a page. Raises NotAReceipt for words that never were a receipt,
    Missing when no report has them any more, and NotNow when the report is under a legal hold and was to be forgotten:
    what to tell the reporter then is for the data-protection officer, as the hold itself must not be told.
    """
    with transaction.atomic():
        if forget:
            # Before the report's row, in the order in which `forget_reporters` takes them.
            settle_holds()
        report = Report.objects.select_for_update().filter(receipt=receipt_lookup(read_words(words))).first()
        facts = report_page(report.public_id) if report else None
        if report is None or facts is None:
            raise Missing("No report has these receipt words now. They may be mistyped, or the receipt has ended.")
        if forget:
            check_not_held(report.public_id, now)
            Report.objects.filter(pk=report.pk).update(details=None, contact=None, contact_withdrawn=True)
            report.addresses.update(sealed=NOTHING, refusal="")
            Answer.objects.filter(question__report=report).update(sealed=NOTHING)
        action = "reporter_forgotten_on_request" if forget else "reporter_answered"
        record(actor=actor, action=action, subject=report.public_id, now=now)
    return facts
