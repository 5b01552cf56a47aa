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


class HashKind(StrEnum):
    """How a list names what it holds: three of exact files, one of pictures."""

    SHA256 = "sha256"
    SHA1 = "sha1"
    MD5 = "md5"
    PDQ = "pdq"


DIGITS = {HashKind.SHA256: 64, HashKind.SHA1: 40, HashKind.MD5: 32, HashKind.PDQ: 64}
"""Hex digits of a hash of each kind."""
LEAST_QUALITY = 50
"""PDQ quality below which a hash says too little to be matched nearly, unless a list asks for more."""
LARGEST_QUALITY = 100
LARGEST_RADIUS = 31
"""Bits beyond which PDQ says nothing of likeness; no list may reach further."""


class Sharing(StrEnum):
    """Whether others may pass an entry on. Unset is never exported as a permission."""

    NOT_DETERMINED = "not_determined"
    MEMBERS_ONLY = "members_only"
    ONWARD = "onward"
