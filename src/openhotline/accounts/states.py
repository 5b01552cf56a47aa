"""Roles, and what approvals pass through, as data."""

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
APPROVERS = frozenset({Role.SENIOR, Role.MANAGER, Role.LISTS})


class ApprovalState(StrEnum):
    """Where an approval stands."""

    ASKED = "asked"
    APPROVED = "approved"
    VOID = "void"


TRANSITIONS = {
    ApprovalState.ASKED: {"approve": ApprovalState.APPROVED, "void": ApprovalState.VOID},
    ApprovalState.APPROVED: {},
    ApprovalState.VOID: {},
}
