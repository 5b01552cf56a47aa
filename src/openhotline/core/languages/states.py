"""What a translation passes through, and the language that is none."""

from enum import StrEnum


class Review(StrEnum):
    """How far a translation was looked at, least first."""

    MISSING = "missing"
    MACHINE = "machine"
    HUMAN = "human"
    CHECKED = "safeguarding-checked"


ORDER = tuple(Review)
BY_HAND = (Review.MACHINE, Review.HUMAN, Review.CHECKED)

ENGLISH = "en-gb"
PSEUDO = "ar-xb"
"""CLDR's code of a made-up language that is written from right to left."""
