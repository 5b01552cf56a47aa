"""May this person: free of database, HTTP and clock."""

from datetime import datetime

from openhotline.accounts.errors import ApprovalVoid, AuthorityMissing, NeedsTwoPeople, NotApproved
from openhotline.accounts.models import Approval, Authority, Person
from openhotline.accounts.states import APPROVERS, ASSESSORS, ApprovalState, Role
from openhotline.core.errors import NotAllowed


def check_can_assess(person: Person) -> None:
    """Raise NotAllowed unless the person's role assesses."""
    if Role(person.role) not in ASSESSORS:
        raise NotAllowed(f"A {person.role_name.lower()} does not assess; analysts and senior analysts do.")


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
