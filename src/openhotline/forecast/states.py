"""What a study is of, where it stands, and what each of its numbers rests on, as data."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class StudyKind(StrEnum):
    """What a study asks."""

    CAPACITY = "capacity"
    HASHLIST = "hashlist"


KIND_WORDS = {
    StudyKind.CAPACITY: "What we can cope with",
    StudyKind.HASHLIST: "What growth does to hash lists",
}


class StudyState(StrEnum):
    """Where a study stands."""

    ASKED = "asked"
    MADE = "made"
    FAILED = "failed"


TRANSITIONS = {
    StudyState.ASKED: {"make": StudyState.MADE, "fail": StudyState.FAILED},
    StudyState.MADE: {},
    StudyState.FAILED: {},
}


class Basis(StrEnum):
    """What a number rests on."""

    MEASURED = "measured"
    SCRIPTED = "measured of scripted analysts"
    GENERATED = "measured on generated pictures"
    FITTED = "fitted"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Quantity:
    """One number that a study rests on: what it is, in which unit, what it rests on, and how it came about."""

    name: str
    value: float
    unit: str
    basis: Basis
    how: str

    def to_dict(self) -> dict[str, object]:
        """Return it as plain JSON."""
        return asdict(self)
