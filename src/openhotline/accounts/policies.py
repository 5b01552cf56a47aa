"""May this person: free of database, HTTP and clock."""

from datetime import date, datetime

from openhotline.accounts.errors import ApprovalVoid, AuthorityMissing, NeedsTwoPeople, NotApproved
from openhotline.accounts.models import Approval, Authority, Person
from openhotline.accounts.states import (
    APPROVERS,
    ASSESSORS,
    PERSON_TRANSITIONS,
    ApprovalState,
    Permission,
    PersonState,
    Role,
)
from openhotline.core.errors import NotAllowed, NotNow


def check_can_assess(person: Person, now: datetime) -> None:
    """Raise NotAllowed unless the person's role assesses, and vetting and training are both in date."""
    if Role(person.role) not in ASSESSORS:
        raise NotAllowed(f"A {person.role_name.lower()} does not assess; analysts and senior analysts do.")
    missing = [
        _lapsed(what, until)
        for what, until in (("vetting", person.vetted_until), ("training", person.trained_until))
        if until is None or until < now.date()
    ]
    if missing:
        raise NotAllowed(
            f"Assessing needs vetting and training that are in date. {' '.join(missing)} "
            "Ask your manager, who records the new date."
        )


def _lapsed(what: str, until: date | None) -> str:
    if until is None:
        return f"No {what} is recorded for you."
    return f"Your {what} ran out on {until.day} {until:%B %Y}."


def name_of(actor: Person | None) -> str:
    """Return how the log names who acts: a person by outside id; ``None`` is whoever has the command line."""
    return actor.public_id if actor else "command line"


def check_can_invite(actor: Person | None) -> None:
    """Raise NotAllowed unless this is a manager or the command line."""
    if actor is not None and not actor.may(Permission.MANAGE_PEOPLE):
        raise NotAllowed(f"A {actor.role_name.lower()} does not invite people; a manager does.")


def check_keeps_contacts(actor: Person) -> None:
    """Raise NotAllowed unless the person's role keeps the contact directory."""
    if not actor.may(Permission.KEEP_CONTACTS):
        raise NotAllowed(f"A {actor.role_name.lower()} does not change the directory; a manager or welfare lead does.")


def check_can_change(actor: Person | None, person: Person) -> None:
    """Raise NotAllowed when somebody would change their own role, state or dates. ``None``: the command line."""
    if actor is None:
        return
    if not actor.may(Permission.MANAGE_PEOPLE):
        raise NotAllowed(f"A {actor.role_name.lower()} does not change who works here; a manager does.")
    if actor.pk == person.pk:
        raise NotAllowed("Nobody changes their own role, state or dates. Ask another manager or the operator.")


def check_move(person: Person, operation: str) -> PersonState:
    """Return the state that an operation leads to. Raises NotNow when it does not fit the present one."""
    moves = PERSON_TRANSITIONS[PersonState(person.state)]
    if operation not in moves:
        raise NotNow(f"This person is {person.state}, so this cannot be done: {operation.replace('_', ' ')}.")
    return moves[operation]


def check_can_approve(approval: Approval, person: Person, manifest_sha256: str, now: datetime) -> None:
    """Raise unless this person may be the second to sign this approval of exactly this manifest now."""
    if Role(person.role) not in APPROVERS:
        raise NotAllowed(f"A {person.role_name.lower()} does not approve; a senior analyst or manager does.")
    if approval.state != ApprovalState.ASKED or now >= approval.expires_at:
        raise ApprovalVoid("This approval was used, withdrawn or has expired; ask for it again.")
    if approval.manifest_sha256 != manifest_sha256:
        raise ApprovalVoid("What is to be approved has changed since it was asked for; ask for it again.")
    if approval.asked_by == person.public_id:
        raise NeedsTwoPeople("You asked for this approval; another person has to give it.")


def check_covers(authority: Authority | None, now: datetime) -> Authority:
    """Return the authority if it is in force now. Raises AuthorityMissing."""
    if authority is None or not authority.valid_from <= now < authority.expires_at:
        raise AuthorityMissing(
            "Nothing may be fetched: no recorded authority is in force. An operator records one "
            "(scope, jurisdiction, who approved it, until when)."
        )
    return authority


def check_approved(approval: Approval | None, thing: str, manifest_sha256: str, now: datetime) -> None:
    """Raise NotApproved unless two different people signed exactly this manifest, and the approval still holds.

    ``thing`` names what was to be approved in the sentence: "release", "referral".
    """
    if approval is None or approval.state != ApprovalState.APPROVED:
        raise NotApproved(f"A second person has not approved this {thing} yet. Ask a senior analyst or manager.")
    if approval.approved_by == approval.asked_by or not approval.approved_by:
        raise NotApproved(f"One person asked for and approved this {thing}; two different people are needed.")
    if approval.manifest_sha256 != manifest_sha256:
        raise NotApproved(f"What was approved is not this {thing}. Draft it again and have it approved.")
    if now >= approval.expires_at:
        raise NotApproved(f"The approval has expired. Draft the {thing} again and have it approved.")
