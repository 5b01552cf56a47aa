"""Signed passes carry a report from page to page: no cookie, no session, and never the address in a URL."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils.translation import gettext_lazy as _

from openhotline.core.errors import NotNow
from openhotline.intake import queries
from openhotline.intake.models import Report

WRITING = "openhotline.intake.writing"
SENT = "openhotline.intake.sent"
HELD = "openhotline.intake.held"
# How long a page that carries a pass can be looked at. Whoever brought the words of a receipt has shown them just now.
VALID = {WRITING: timedelta(hours=24), SENT: timedelta(hours=24), HELD: timedelta(hours=1)}
# What was written on a page that lay open for days is still taken.
SENDING = timedelta(days=7)


@dataclass(frozen=True)
class Pass:
    """A report on its way: how many addresses were saved, how many of them cannot be read, how many are e-mail."""

    report: Report
    saved: int = 0
    odd: int = 0
    mail: int = 0


def give(report: Report, *, purpose: str, saved: int = 0, odd: int = 0, mail: int = 0) -> str:
    """Return the pass of a report, fit for a URL; it names the report and nothing else about it."""
    return signing.dumps([report.public_id, saved, odd, mail], salt=purpose)


def take(text: str, *, purpose: str, sending: bool = False) -> Pass:
    """Return what a pass stands for. Raises NotNow when it is not one of ours or too old.

    ``sending``: it came with a form that somebody has filled in, which is taken for a week.
    """
    valid = SENDING if sending and purpose == WRITING else VALID[purpose]
    try:
        name, *counts = signing.loads(text, salt=purpose, max_age=valid)
    except (signing.BadSignature, ValueError):
        raise NotNow(str(_OVER[purpose])) from None
    report = queries.report_by_id(name)
    if report is None:
        raise NotNow(str(_OVER[purpose]))
    return Pass(report, *counts)


_OVER = {
    WRITING: _(
        "This page is over after a day. If you gave us an address, it is not lost: we look at it even if the rest of "
        "the form was never sent. You can start a new report."
    ),
    SENT: _("This page can be shown for a day. You can still look at your report at any time, with your six words."),
    HELD: _("This page was open for more than an hour. Please write your six words again."),
}
