"""Signed passes carry a report from page to page: no cookie, no session, and never the address in a URL."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from openhotline.core.errors import NotNow
from openhotline.intake import queries
from openhotline.intake.models import Report

VALID = timedelta(hours=24)
WRITING = "openhotline.intake.writing"
SENT = "openhotline.intake.sent"


@dataclass(frozen=True)
class Pass:
    """A report on its way: how many addresses were saved, and how many of them do not look like one."""

    report: Report
    saved: int = 0
    odd: int = 0


def give(report: Report, *, purpose: str, saved: int = 0, odd: int = 0) -> str:
    """Return the pass of a report, fit for a URL; it names the report and nothing else about it."""
    return signing.dumps([report.public_id, saved, odd], salt=purpose)


def take(text: str, *, purpose: str) -> Pass:
    """Return what a pass stands for. Raises NotNow when it is not one of ours or older than a day."""
    try:
        name, saved, odd = signing.loads(text, salt=purpose, max_age=VALID)
    except (signing.BadSignature, ValueError):
        raise NotNow(_OVER[purpose]) from None
    report = queries.report_by_id(name)
    if report is None:
        raise NotNow(_OVER[purpose])
    return Pass(report, saved, odd)


_OVER = {
    WRITING: "This page is over after a day. An address that was saved is not lost: we look at it even if the rest "
    "of the form was never sent. You can begin a new report.",
    SENT: "This page can be shown for a day after sending. With the six words of your receipt you can look again at "
    "any time.",
}
