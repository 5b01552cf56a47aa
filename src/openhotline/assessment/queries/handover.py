"""What shifts told one another, and what is complained of."""

from openhotline.assessment.models import Complaint, HandoverNote
from openhotline.assessment.states import ComplaintState, Queue

MOST = 50


def notes_on(*queues: Queue) -> list[HandoverNote]:
    """Return the notes that stand on these queues, or on any, newest first."""
    rows = HandoverNote.objects.filter(ended_at=None)
    rows = rows.filter(queue__in=queues) if queues else rows
    return list(rows.order_by("-written_at", "-pk")[:MOST])


def complaints() -> list[Complaint]:
    """Return complaints that are open, oldest first, then those that were answered, newest first."""
    open_ones = Complaint.objects.filter(state=ComplaintState.OPEN).order_by("received_at", "pk")
    answered = Complaint.objects.filter(state=ComplaintState.ANSWERED).order_by("-answered_at", "-pk")
    return [*open_ones.select_related("reassessment")[:MOST], *answered.select_related("reassessment")[:MOST]]


def complaints_open() -> int:
    """Return how many complaints wait for an answer."""
    return Complaint.objects.filter(state=ComplaintState.OPEN).count()
