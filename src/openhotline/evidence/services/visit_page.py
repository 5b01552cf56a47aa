"""A page of a sweep is visited: what is new there comes in as a report of the hotline's own."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.core import crypto
from openhotline.core.limits import leave_turn, take_turn
from openhotline.core.net.errors import FetchFailed
from openhotline.core.net.fetch import Fetched
from openhotline.evidence.models import Sighting
from openhotline.evidence.services.capture_addresses import keep_captures
from openhotline.evidence.services.fetch_files import (
    MOST_SECONDS,
    PAGE_SECONDS,
    Attempt,
    FetchedFile,
    fetch_groups,
    fetch_one,
    seal_fetched,
)
from openhotline.evidence.states import CaptureState
from openhotline.intake.models import Report, Sweep, SweptPage
from openhotline.intake.models.sweep import LEASE
from openhotline.intake.policies import check_sweep_holds
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.note_visit import Visit, note_visit
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import ReportState, Source, SweepState, VisitState

PAUSE = 2.0
"""Seconds between the end of one request to a site and the beginning of the next."""
_HELD = round(2 * MOST_SECONDS)
_LOOK_AGAIN = 0.5
_ENDS = {CaptureState.REFUSED: VisitState.REFUSED, CaptureState.FAILED: VisitState.FAILED}


@dataclass(frozen=True)
class Pace:
    """The clock, and a way to let seconds go by."""

    now: Callable[[], datetime]
    wait: Callable[[float], None]


def visit_page(*, page_id: int, pace: Pace, actor: str, now: datetime) -> Visit | None:
    """Look at one page of a sweep and the pictures it names, and return what it brought; None when it is not due.

    Before every single connection it is asked whether the hotline's recorded authority and the sweep's own hold at
    that moment, and each site is asked by one visit at a time, with a pause between requests. Files that were not
    seen on the page before are sealed and reported once, source PROACTIVE; if none is new, nothing is reported.
    """
    page = _claimed(page_id, now)
    if page is None:
        return None
    attempt = Attempt(page.address)
    known = set(_seen_on(page).values_list("item__lookup", flat=True))
    ask = _asking(page, attempt, pace)
    report: Report | None = None
    for files in fetch_groups(attempt, ask, _new_first(page)):
        fresh = [one for one in files if _lookup(one) not in known]
        if fresh:
            report = report or _report(page, actor, now)
            seal_fetched(attempt, fresh, report_id=report.pk, actor=actor, now=now)
    state = _ENDS.get(attempt.state, VisitState.NEW if report else VisitState.NOTHING_NEW)
    visit = Visit(state, attempt.files, attempt.sentence)
    with transaction.atomic():
        if report is not None:
            _announce(attempt, report, actor, now)
        note_visit(page_id=page.pk, visit=visit, actor=actor, now=now)
    return visit


def _claimed(page_id: int, now: datetime) -> SweptPage | None:
    """Take a page that is due, so that nobody else visits it; one that is not brought back falls due again."""
    rows = SweptPage.objects.filter(pk=page_id, sweep__state=SweepState.RUNNING, due_at__lte=now)
    page = rows.select_related("address", "sweep").first()
    if page is None:
        return None
    taken = SweptPage.objects.filter(pk=page_id, due_at=page.due_at).update(due_at=now + LEASE)
    return page if taken else None


def _seen_on(page: SweptPage) -> QuerySet[Sighting]:
    """Return what was seen on the page, without what an interrupted visit sealed and did not report yet."""
    here = Q(page=page.address_id) | Q(address=page.address_id, page=None)
    begun = Q(report__source=Source.PROACTIVE, report__state=ReportState.STARTED)
    return Sighting.objects.filter(here).exclude(begun)


def _new_first(page: SweptPage) -> Callable[[list[str]], list[str]]:
    """Put addresses that were not seen on the page first. The others come after: a picture may have been replaced."""
    seen = set(_seen_on(page).filter(address__isnull=False).values_list("address__lookup", flat=True))
    return lambda named: sorted(named, key=lambda address: crypto.lookup("address", address) in seen)


def _lookup(file: FetchedFile) -> str:
    return crypto.lookup("file", hashlib.sha256(file.data).hexdigest())


def _asking(page: SweptPage, attempt: Attempt, pace: Pace) -> Callable[[str], Fetched]:
    """Return what fetches one address: each request when both authorities hold and it is our turn at its site."""

    @contextmanager
    def turn(host: str) -> Iterator[None]:
        site = crypto.lookup("host", host)
        _wait_for_turn(site, pace)
        try:
            moment = pace.now()
            attempt.authority = check_covers(latest_authority(moment), moment).public_id
            # Read anew each time: somebody may have ended it meanwhile.
            check_sweep_holds(Sweep.objects.get(pk=page.sweep_id), moment)
            yield
        finally:
            leave_turn(site, now=pace.now(), seconds=PAUSE)

    def ask(address: str) -> Fetched:
        moment = pace.now()
        attempt.authority = check_covers(latest_authority(moment), moment).public_id
        return fetch_one(address, authority=attempt.authority, turn=turn)

    return ask


def _wait_for_turn(site: str, pace: Pace) -> None:
    waited = 0.0
    while not take_turn(site, now=pace.now(), seconds=_HELD):
        if waited >= PAGE_SECONDS:
            raise FetchFailed("The site was being asked by other visits all the time.", "turn")
        pace.wait(_LOOK_AGAIN)
        waited += _LOOK_AGAIN


def _report(page: SweptPage, actor: str, now: datetime) -> Report:
    """Begin the report of this visit; an interrupted visit that is made again goes on with the same."""
    report, _ = start_report(
        addresses=[str(page.address.canonical)],
        source=Source.PROACTIVE,
        idempotency=f"{page.sweep.public_id} {page.pk} {page.visits}",
        practice=settings.PRACTICE,
        now=now,
        actor=actor,
    )
    return report


def _announce(attempt: Attempt, report: Report, actor: str, now: datetime) -> None:
    """Receive the report of what is sealed by now, with the capture that stands for it, so that none is made again."""
    keep_captures(attempts=[attempt], actor=actor, now=now)
    complete_report(report=report, details={}, urgent=False, now=now, actor=actor)
