"""A reporter takes their contact details back; the report stays."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from openhotline.audit.models import Record
from openhotline.intake.models import Report
from openhotline.intake.queries import report_page
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.forget_reporters import forget_reporters
from openhotline.intake.services.start_report import words_of
from openhotline.intake.services.withdraw_contact import withdraw_contact
from openhotline.intake.states import ReportState
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]


@pytest.fixture
def reachable(start: Callable[..., Report], now: datetime) -> Report:
    """A report of somebody who chose to give a telephone number."""
    report = start("a.example")
    return complete_report(report=report, details={"more": "told"}, contact="01632 960001", urgent=False, now=now)


def test_the_details_are_gone_and_the_report_stays(reachable: Report, now: datetime) -> None:
    assert withdraw_contact(report=reachable, now=now)
    facts = report_page(reachable.public_id)
    assert facts is not None
    assert (facts.contact, facts.details, len(facts.lines)) == ("", {"more": "told"}, 1)


def test_it_is_recorded_once(reachable: Report, now: datetime) -> None:
    assert [withdraw_contact(report=reachable, now=now) for _ in range(2)] == [True, False]
    row = Record.objects.get(action="contact_withdrawn")
    assert (row.actor, row.subject, row.detail) == ("public", reachable.public_id, {})


def withdraw_on_the_page(stranger: Client, report: Report) -> str:
    page = stranger.post("/receipt/", {"words": words_of(report)}).content.decode()
    held = re.search(r'name="held" value="([^"]+)"', page)
    assert held
    after = stranger.post("/receipt/withdraw/", {"held": held[1]}).content.decode()
    return re.sub(r'name="held" value="[^"]+"', "", after).replace(words_of(report), "")


def test_the_receipt_s_page_takes_them_back(stranger: Client, reachable: Report) -> None:
    after = withdraw_on_the_page(stranger, reachable)
    assert "We no longer have your contact details. Your report stays." in after
    assert "Take back my contact details" in after
    assert Report.objects.get().contact is None


def test_a_legal_hold_shows_in_nothing(stranger: Client, start: Callable[..., Report], now: datetime) -> None:
    """Were they kept, or the page another, who holds the words would learn that there is a hold."""
    reports = [
        complete_report(report=start("a.example"), details={}, contact="me", urgent=False, now=now) for _ in range(2)
    ]
    until = now + timedelta(days=400)
    place_hold(subject=reports[0].public_id, cause=HoldCause.POLICE, reference="1", until=until, actor="test", now=now)
    held, free = (withdraw_on_the_page(stranger, one) for one in reports)
    assert held == free
    assert not Report.objects.filter(contact__isnull=False).exists()


def test_the_page_is_the_same_once_a_hold_alone_keeps_the_details(
    stranger: Client, start: Callable[..., Report], now: datetime
) -> None:
    """After half a year they are forgotten, but not under a hold: the page says the same of both, and of none."""
    told = [{"contact": "me"}, {"contact": "me"}, {"contact": ""}]
    reports = [complete_report(report=start("a.example"), details={}, urgent=False, now=now, **one) for one in told]
    Report.objects.update(state=ReportState.SCREENED)
    day = now + timedelta(days=200)
    until = day + timedelta(days=400)
    held = reports[0].public_id
    place_hold(subject=held, cause=HoldCause.POLICE, reference="1", until=until, actor="test", now=now)
    forget_reporters(before=day - timedelta(days=180), keep=lambda: [held], actor="test", now=day)
    assert [one.contact is None for one in Report.objects.order_by("pk")] == [False, True, True]
    pages = [stranger.post("/receipt/", {"words": words_of(one)}).content.decode() for one in reports]
    shown = {
        re.sub(r'name="held" value="[^"]+"', "", page).replace(words_of(one), "")
        for page, one in zip(pages, reports, strict=True)
    }
    assert len(shown) == 1


def test_a_page_that_was_open_too_long_asks_for_the_words(stranger: Client, reachable: Report) -> None:
    page = stranger.post("/receipt/withdraw/", {"held": "old"})
    assert b"Please write your six words again" in page.content
    assert Report.objects.get().contact is not None
