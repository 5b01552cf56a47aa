"""A complaint was looked into."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Complaint
from openhotline.assessment.policies import check_answers_complaints
from openhotline.assessment.states import ComplaintState, Finding, ReassessmentState
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow


def answer_complaint(*, complaint: str, finding: Finding, actor: Person, now: datetime) -> Complaint:
    """Say whether a complaint (by outside id) was upheld. Raises NotAllowed, and NotNow while its review is open."""
    check_answers_complaints(actor)
    with transaction.atomic():
        row = (
            Complaint.objects.select_for_update(of=("self",))
            .select_related("reassessment")
            .filter(public_id=complaint, state=ComplaintState.OPEN)
            .first()
        )
        if row is None:
            raise NotNow("This complaint was answered meanwhile. Load the page again.")
        if row.reassessment is not None and row.reassessment.state == ReassessmentState.OPEN:
            raise NotNow("What it complains of is being decided again. Answer it when that is done.")
        row.state, row.finding, row.answered_at, row.answered_by = (
            ComplaintState.ANSWERED,
            finding,
            now,
            actor.public_id,
        )
        row.save(update_fields=["state", "finding", "answered_at", "answered_by"])
        record(
            actor=actor.public_id,
            action="complaint_answered",
            subject=row.public_id,
            detail={"verdict": str(finding)},
            now=now,
        )
    return row
