"""The closed lists of the guidance: what a file may say where it may not say anything."""

from collections.abc import Mapping
from enum import StrEnum


class Reading(StrEnum):
    """How much of a source was read by whoever wrote the sentence that rests on it."""

    WHOLE = "whole"
    PART = "part"
    NOT_YET = "not_yet"


class Ages(StrEnum):
    """Whom a service takes."""

    UNDER_18 = "under_18"
    ADULT = "adult"
    ANY = "any"


class Person(StrEnum):
    """For whom an outcome offers a service."""

    CHILD = "child"
    ADULT = "adult"
    READER = "reader"


TAKES: Mapping[Ages, frozenset[Person]] = {
    Ages.UNDER_18: frozenset({Person.CHILD}),
    Ages.ADULT: frozenset({Person.ADULT, Person.READER}),
    Ages.ANY: frozenset(Person),
}
"""To whom a service may be offered: Report Remove is never named to an adult, nor Stop It Now to a child."""

NATION = "nation"
"""The question that every flow begins with; a rule may ask for it as for any other."""

PLACEHOLDERS = frozenset({"emergency", "hotline", "hours"})
"""What a text may leave for the hotline's own settings, in curly brackets."""

LINKS: Mapping[str, str] = {"report": "report_address"}
"""Where a step may lead, by the name a file uses, and the route behind it."""
