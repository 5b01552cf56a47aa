"""What one jurisdiction's law says of the facts, and how it came to that."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from openhotline.law.models.condition import Reason
from openhotline.law.states import OutcomeKind, Truth


@dataclass(frozen=True, kw_only=True, slots=True)
class TraceStep:
    """One rule held against the facts.

    `result` is what the rule says of the facts; it counts only where `applied` is true: the rule is law on
    the day. `standing` is a sentence on that.
    """

    rule_id: str
    provision: str
    applied: bool
    standing: str
    result: Truth
    verified: bool
    reasons: tuple[Reason, ...]

    def to_dict(self) -> dict[str, object]:
        """The step as JSON holds it."""
        return {
            "rule_id": self.rule_id,
            "provision": self.provision,
            "applied": self.applied,
            "standing": self.standing,
            "result": str(self.result),
            "verified": self.verified,
            "reasons": [
                {"fact": r.fact, "recorded": r.recorded, "wanted": list(r.wanted), "result": str(r.result)}
                for r in self.reasons
            ],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The outcome of one jurisdiction on one day.

    `criminal` is None where it was not determined. `category` is A, B or C, only for (pseudo-)photographs.
    `rule_ids` and `provisions` name the rules that were met, in the same order. `verified` is false as long
    as the source of one of the rules it rests on was not recorded as read. `missing` names the facts that are
    open and would help. `notes` are sentences for the reader. `law_version` says which rule files.
    """

    jurisdiction: str
    as_of: date
    kind: OutcomeKind
    criminal: bool | None
    category: str | None
    rule_ids: tuple[str, ...]
    provisions: tuple[str, ...]
    verified: bool
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    law_version: str
    trace: tuple[TraceStep, ...]

    @classmethod
    def without_rules(cls, jurisdiction: str, as_of: date, law_version: str) -> Self:
        """What is said of a place that has no rules in this law: nothing is determined, and no rule was asked."""
        return cls(
            jurisdiction=jurisdiction,
            as_of=as_of,
            kind=OutcomeKind.NOT_DETERMINED,
            criminal=None,
            category=None,
            rule_ids=(),
            provisions=(),
            verified=False,
            missing=(),
            notes=("There are no rules for this place, so a person decides.",),
            law_version=law_version,
            trace=(),
        )

    def to_dict(self) -> dict[str, object]:
        """The outcome as JSON holds it; an open `criminal` or `category` is null, never false."""
        return {
            "jurisdiction": self.jurisdiction,
            "as_of": self.as_of.isoformat(),
            "kind": str(self.kind),
            "criminal": self.criminal,
            "category": self.category,
            "rule_ids": list(self.rule_ids),
            "provisions": list(self.provisions),
            "verified": self.verified,
            "missing": list(self.missing),
            "notes": list(self.notes),
            "law_version": self.law_version,
            "trace": [step.to_dict() for step in self.trace],
        }
