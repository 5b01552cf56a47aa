"""Reading people, authorities and approvals."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from openhotline.accounts.models import Approval, Authority, Person
from openhotline.accounts.states import ApprovalState, Purpose, Role, purposes_of

MOST = 200


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
    return list(Approval.objects.filter(state=ApprovalState.ASKED).order_by("asked_at")[:MOST])


def approvals_for(person: Person) -> list[Approval]:
    """Return approvals that wait and concern this person: they may approve such a thing, or asked for it."""
    theirs = Q(asked_by=person.public_id) | Q(purpose__in=purposes_of(Role(person.role)))
    return list(Approval.objects.filter(theirs, state=ApprovalState.ASKED).order_by("asked_at")[:MOST])


def approval_of(purpose: Purpose | str, subject: str) -> Approval | None:
    """Return the newest approval of a thing that was not withdrawn, if it was asked for."""
    rows = Approval.objects.filter(purpose=purpose, subject=subject).exclude(state=ApprovalState.VOID)
    return rows.order_by("-pk").first()
