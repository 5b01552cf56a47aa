"""What an entry and a release pass through, as data."""

from enum import StrEnum


class EntryState(StrEnum):
    """Where an entry stands."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class WithdrawalReason(StrEnum):
    """Why an entry was withdrawn; a closed list, for the audit log and the tombstone."""

    DECIDED_OTHERWISE = "decided_otherwise"
    LISTED_BY_MISTAKE = "listed_by_mistake"
    LAW_CHANGED = "law_changed"
    FEEDBACK = "feedback"


class DisputeState(StrEnum):
    """Where it stands that an entry may be wrong: a person keeps the entry, or withdraws it."""

    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


DISPUTE_TRANSITIONS = {
    DisputeState.OPEN: {"keep": DisputeState.KEPT, "withdraw": DisputeState.WITHDRAWN},
    DisputeState.KEPT: {},
    DisputeState.WITHDRAWN: {},
}


class SelfReportedState(StrEnum):
    """Where a hash stands that a young person made on their own device: nobody here has seen the picture."""

    UNREVIEWED = "unreviewed"
    WITHDRAWN = "withdrawn"


SELF_REPORTED_TRANSITIONS = {
    SelfReportedState.UNREVIEWED: {"withdraw": SelfReportedState.WITHDRAWN},
    SelfReportedState.WITHDRAWN: {},
}


class ReleaseState(StrEnum):
    """Where a release stands."""

    DRAFTED = "drafted"
    PUBLISHED = "published"


TRANSITIONS = {
    ReleaseState.DRAFTED: {"publish": ReleaseState.PUBLISHED},
    ReleaseState.PUBLISHED: {},
}


class Verdict(StrEnum):
    """What a list says of what it holds."""

    KNOWN = "known"
    HARMLESS = "harmless"


class Sharing(StrEnum):
    """Whether others may pass an entry on. Unset is never exported as a permission."""

    NOT_DETERMINED = "not_determined"
    MEMBERS_ONLY = "members_only"
    ONWARD = "onward"
