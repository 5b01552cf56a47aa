"""Reading people, authorities and approvals."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import Q

from openhotline.accounts.models import Approval, Authority, Contact, Invitation, KeyChoice, OnCall, Person, RoleChange
from openhotline.accounts.states import ASSESSORS, DATED, ApprovalState, PersonState, Purpose, Role, purposes_of

MOST = 200


def latest_authority(now: datetime) -> Authority | None:
    """Return the recorded authority to fetch under, if one is in force; ``policies.check_covers`` says so aloud."""
    rows = Authority.objects.filter(ended_at=None, valid_from__lte=now, expires_at__gt=now)
    if not settings.PRACTICE:
        rows = rows.filter(practice=False)
    return rows.first()


def people_by_id(public_ids: list[str]) -> dict[str, Person]:
    """Return people by outside id, for pages inside the hotline."""
    return {person.public_id: person for person in Person.objects.filter(public_id__in=public_ids)}


def waiting_approvals() -> list[Approval]:
    """Return approvals that wait for a second person, oldest first."""
    return list(Approval.objects.filter(state=ApprovalState.ASKED).order_by("asked_at")[:MOST])


def approvals_for(person: Person, now: datetime) -> list[Approval]:
    """Return approvals that wait now and concern this person: they may approve such a thing, or asked for it.

    What was typed at the command line is there for who was named alone, until they confirm it. What is
    about themselves is for others, and what has expired is for nobody.
    """
    theirs = Q(asked_by=person.public_id) | Q(purpose__in=purposes_of(Role(person.role)))
    said = Q(asked_by=person.public_id, state=ApprovalState.TYPED)
    waiting = Approval.objects.filter(Q(theirs, state=ApprovalState.ASKED) | said, expires_at__gt=now)
    waiting = waiting.exclude(subject=person.public_id)
    return list(waiting.order_by("asked_at")[:MOST])


def approval_of(purpose: Purpose | str, subject: str) -> Approval | None:
    """Return the newest approval of a thing that was not withdrawn, if it was asked for."""
    rows = Approval.objects.filter(purpose=purpose, subject=subject).exclude(state=ApprovalState.VOID)
    return rows.order_by("-pk").first()


def grant_of(approval: Approval) -> RoleChange | Invitation | None:
    """Return what an approval of a role is of, a change or a link; None once that is not exactly what it was."""
    changes = RoleChange.objects.select_related("person").filter(person__public_id=approval.subject, done_at=None)
    links = Invitation.objects.select_related("person").filter(person__public_id=approval.subject, ended_at=None)
    grants: list[RoleChange | Invitation] = [*changes, *links]
    return next((one for one in grants if one.manifest_sha256 == approval.manifest_sha256), None)


def everybody() -> list[Person]:
    """Return who works here, was invited or was disabled, by name; for people who manage people."""
    return list(Person.objects.exclude(state=PersonState.FORGOTTEN).order_by("name", "pk"))


def assessors(now: datetime) -> list[Person]:
    """Return who works here and may assess now, vetting and training in date, by name."""
    day = now.date()
    rows = Person.objects.filter(is_active=True, role__in=ASSESSORS, vetted_until__gte=day, trained_until__gte=day)
    return list(rows.order_by("name", "pk"))


def person_by_id(public_id: str) -> Person | None:
    """Return a person by outside id."""
    return Person.objects.filter(public_id=public_id).first()


def dates_running_out(by: date) -> list[Person]:
    """Return who works here, does what takes dates, and has none or ones that run out by a day; by name."""
    missing = Q(vetted_until=None) | Q(trained_until=None) | Q(vetted_until__lte=by) | Q(trained_until__lte=by)
    working = Person.objects.filter(role__in=DATED, state=PersonState.WORKING)
    return list(working.filter(missing).order_by("name", "pk"))


def contacts() -> list[Contact]:
    """Return the directory by name."""
    return list(Contact.objects.filter(retired_at=None).order_by("name", "pk"))


def contact_by_id(public_id: str) -> Contact | None:
    """Return a service of the directory by outside id, unless it was retired."""
    return Contact.objects.filter(public_id=public_id, retired_at=None).first()


def contacts_due(today: date) -> list[Contact]:
    """Return the services whose number has to be tried again, longest due first."""
    return list(Contact.objects.filter(retired_at=None, next_check__lte=today).order_by("next_check", "pk"))


def key_choice(person: Person) -> KeyChoice:
    """Return the keys that a person has chosen; the ones that the desk comes with, not saved, where they chose none."""
    return KeyChoice.objects.filter(person=person).first() or KeyChoice(person=person)


def rota(now: datetime) -> list[OnCall]:
    """Return who is on call now and later, in order of time and step."""
    rows = OnCall.objects.filter(ended_at=None, ends_at__gt=now).select_related("person")
    return list(rows.order_by("begins_at", "step", "pk")[:MOST])


def on_call_at(now: datetime) -> list[OnCall]:
    """Return who is on call now and works here, in the order in which they are tried."""
    rows = OnCall.objects.filter(ended_at=None, begins_at__lte=now, ends_at__gt=now, person__is_active=True)
    return list(rows.select_related("person").order_by("step", "pk"))
