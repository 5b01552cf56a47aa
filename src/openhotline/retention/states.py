"""Closed lists of retention."""

from enum import StrEnum


class End(StrEnum):
    """How records of a class come to their end."""

    AUTOMATIC = "automatic"
    A_PERSON = "a_person"
    TWO_PEOPLE = "two_people"
    KEPT = "kept"


class Whose(StrEnum):
    """Whose personal data a class may hold, the most sensitive first."""

    CHILDREN = "children"
    REPORTERS = "reporters"
    STAFF = "staff"
    PARTNERS = "partners"
    NOBODY = "nobody"


class HoldCause(StrEnum):
    """Why something must not be deleted."""

    POLICE = "police"
    COURT = "court"
    COMPLAINT = "complaint"
    INQUIRY = "inquiry"


# What a hold can be placed on, by the prefix of its outside id.
HELD = {"rep": "report", "itm": "item"}
