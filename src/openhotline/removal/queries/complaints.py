"""Complaints that something is wrongly to be taken down, and what receivers wrote."""

from django.db.models import QuerySet

from openhotline.core.crypto import DoesNotOpen, open_from_the_door
from openhotline.removal.models import Complaint, Letter, ProviderAnswer


def complaints_open() -> "QuerySet[Complaint]":
    """Return the complaints that nobody has answered, the one whose clock ends first in front."""
    rows = Complaint.objects.filter(answered_at=None).select_related("notice", "removal__address")
    return rows.order_by("answer_by", "pk")


def letters_unread() -> "QuerySet[Letter]":
    """Return the replies and bounces that nobody has read, oldest first."""
    return Letter.objects.filter(read_at=None).select_related("notice").order_by("at", "pk")


def answers_unread() -> "QuerySet[ProviderAnswer]":
    """Return what was answered on the page for receivers and not read, oldest first."""
    return ProviderAnswer.objects.filter(read_at=None).select_related("code__notice").order_by("at", "pk")


def text_of(answer: ProviderAnswer) -> str:
    """Return what was written on the page for receivers."""
    try:
        return open_from_the_door(bytes(answer.sealed))
    except DoesNotOpen:
        return "What was written does not open with this installation's key."
