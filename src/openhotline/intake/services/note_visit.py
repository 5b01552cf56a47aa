"""What a visit to a page of a sweep brought is noted, and when the next one is due."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import SweptPage
from openhotline.intake.states import SweepState, VisitState


@dataclass(frozen=True)
class Visit:
    """How it ended, how many files were new there, and what else is to be told."""

    state: VisitState
    files: int = 0
    sentence: str = ""


def note_visit(*, page_id: int, visit: Visit, actor: str, now: datetime) -> SweptPage:
    """Write it down; the next visit follows by the rule of `models.sweep.wait_after`.

    A visit that was refused before anything was asked counts as none.
    """
    with transaction.atomic():
        page = SweptPage.objects.select_for_update().select_related("sweep").get(pk=page_id)
        if visit.state != VisitState.REFUSED:
            page.visits += 1
            page.failures = page.failures + 1 if visit.state == VisitState.FAILED else 0
        page.found += visit.files
        page.last_at, page.last_state, page.sentence = now, visit.state, visit.sentence[:300]
        page.handed_at = None
        if page.sweep.state == SweepState.RUNNING:
            page.due_at = now + page.wait
        page.save()
        record(
            actor=actor,
            action="page_visited",
            subject=page.sweep.public_id,
            now=now,
            detail={"kind": visit.state, "files": visit.files},
        )
    return page
