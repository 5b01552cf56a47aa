"""Who may refer what: free of database, HTTP and clock."""

from datetime import datetime

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.states import APPROVERS, ASSESSORS, ApprovalState, Role
from openhotline.core.errors import NotAllowed
from openhotline.referral.errors import NotApproved, NotReferable

MOST_ITEMS = 100


def check_can_draft(person: Person) -> None:
    """Raise NotAllowed unless the person's role assesses or approves."""
    if Role(person.role) not in ASSESSORS | APPROVERS:
        raise NotAllowed(f"A {person.role_name.lower()} does not draft referrals; analysts and managers do.")


def check_size(items: int) -> None:
    """Raise NotReferable unless a package can hold so many items."""
    if not 1 <= items <= MOST_ITEMS:
        raise NotReferable(f"A referral holds 1 to {MOST_ITEMS} items; {items} were given. Split or choose them.")


def check_approved(approval: Approval | None, manifest_sha256: str, now: datetime) -> None:
    """Raise NotApproved unless two different people signed exactly this manifest, and the approval still holds."""
    if approval is None or approval.state != ApprovalState.APPROVED:
        raise NotApproved("A second person has not approved this referral yet. Ask a senior analyst or manager.")
    if approval.approved_by == approval.asked_by or not approval.approved_by:
        raise NotApproved("One person asked for and approved this referral; two different people are needed.")
    if approval.manifest_sha256 != manifest_sha256:
        raise NotApproved("What was approved is not this referral. Draft it again and have it approved.")
    if now >= approval.expires_at:
        raise NotApproved("The approval has expired. Draft the referral again and have it approved.")


def lapsed(approval: Approval | None, now: datetime) -> bool:
    """Say whether a drafted referral can never be built any more, so that its items are free again."""
    return approval is None or now >= approval.expires_at


def name_of(actor: Person | str) -> str:
    """Return the outside id of a person; the name of a machine step as it is."""
    return actor if isinstance(actor, str) else actor.public_id
