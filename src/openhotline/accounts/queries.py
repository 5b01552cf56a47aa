"""Reading people, authorities and approvals."""

from datetime import datetime

from django.conf import settings

from openhotline.accounts.models import Approval, Authority, Person
from openhotline.accounts.states import ApprovalState


def latest_authority(now: datetime) -> Authority | None:
    """Return the recorded authority to fetch under, if one is in force; ``policies.check_covers`` says so aloud."""
    rows = Authority.objects.filter(valid_from__lte=now, expires_at__gt=now)
    if not settings.PRACTICE:
        rows = rows.filter(practice=False)
    return rows.order_by("-valid_from").first()


def people_by_id(public_ids: list[str]) -> dict[str, Person]:
    """Return people by outside id, for pages inside the hotline."""
    return {person.public_id: person for person in Person.objects.filter(public_id__in=public_ids)}


def waiting_approvals() -> list[Approval]:
    """Return approvals that wait for a second person, oldest first."""
    return list(Approval.objects.filter(state=ApprovalState.ASKED).order_by("asked_at")[:200])


def approval_of(purpose: str, subject: str) -> Approval | None:
    """Return the live approval of a thing, if it was asked for."""
    return Approval.objects.filter(purpose=purpose, subject=subject).exclude(state=ApprovalState.VOID).first()
