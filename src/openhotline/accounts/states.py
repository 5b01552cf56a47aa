"""Roles, what needs two people, and what approvals pass through, as data."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is at the hotline."""

    ANALYST = "analyst"
    SENIOR = "senior_analyst"
    MANAGER = "manager"
    WELFARE = "welfare_lead"
    LISTS = "list_manager"
    OPERATOR = "operator"
    AUDITOR = "auditor"


ROLE_NAMES = {
    Role.ANALYST: "Analyst",
    Role.SENIOR: "Senior analyst",
    Role.MANAGER: "Manager",
    Role.WELFARE: "Welfare lead",
    Role.LISTS: "List manager",
    Role.OPERATOR: "Operator",
    Role.AUDITOR: "Auditor",
}

ASSESSORS = frozenset({Role.ANALYST, Role.SENIOR})
LIST_KEEPERS = frozenset({Role.SENIOR, Role.MANAGER, Role.LISTS})


class Purpose(StrEnum):
    """What needs two people."""

    RELEASE = "release"
    REFERRAL = "referral"
    PURGE = "purge"
    ROLE = "role"
    KEY = "key"


@dataclass(frozen=True)
class TwoPeople:
    """What pages and sentences call it, and who may be the second to sign."""

    words: str
    approves: frozenset[Role]


TWO_PEOPLE = {
    Purpose.RELEASE: TwoPeople("Release of the hash list", LIST_KEEPERS),
    Purpose.REFERRAL: TwoPeople("Referral to police", frozenset({Role.SENIOR, Role.MANAGER})),
    Purpose.PURGE: TwoPeople("Destruction of evidence", frozenset({Role.SENIOR, Role.MANAGER})),
    Purpose.ROLE: TwoPeople("Change of a role", frozenset({Role.MANAGER, Role.OPERATOR})),
    Purpose.KEY: TwoPeople("Work on keys", frozenset({Role.MANAGER, Role.OPERATOR})),
}


def purposes_of(role: Role) -> frozenset[Purpose]:
    """Return what somebody of this role may be the second to sign."""
    return frozenset(purpose for purpose, two in TWO_PEOPLE.items() if role in two.approves)


APPROVERS = frozenset(role for two in TWO_PEOPLE.values() for role in two.approves)


class ApprovalState(StrEnum):
    """Where an approval stands. Used is for ever: what two people signed is carried out once."""

    ASKED = "asked"
    APPROVED = "approved"
    USED = "used"
    VOID = "void"


TRANSITIONS = {
    ApprovalState.ASKED: {"approve": ApprovalState.APPROVED, "void": ApprovalState.VOID},
    ApprovalState.APPROVED: {"use": ApprovalState.USED, "void": ApprovalState.VOID},
    ApprovalState.USED: {},
    ApprovalState.VOID: {},
}
LIVE = frozenset({ApprovalState.ASKED, ApprovalState.APPROVED})
