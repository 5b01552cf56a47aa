"""What an entry and a release pass through, as data."""

from enum import StrEnum


class EntryState(StrEnum):
    """Where an entry stands."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


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
