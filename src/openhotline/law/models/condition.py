"""Conditions of a rule: a small language over facts, judged in three values.

In TOML a condition is one of ``{fact = "…", in = ["…"]}``, ``{all = […]}``, ``{any = […]}``, ``{not = {…}}``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openhotline.law.errors import RulesInvalid
from openhotline.law.models.facts import Facts
from openhotline.law.states import FACTS, UNDECIDED, Truth

_SHAPES = '{fact = "…", in = ["…"]}, {all = […]}, {any = […]}, {not = {…}}'


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one question of a rule came out as it did."""

    fact: str
    recorded: str
    wanted: tuple[str, ...]
    result: Truth

    def __str__(self) -> str:
        """One line for a page or a terminal."""
        return f"{self.fact} is {self.recorded}, asked for {' or '.join(self.wanted)}: {self.result}"


@dataclass(frozen=True, slots=True)
class FactIn:
    """The recorded value of `fact` is one of `values`; open values, and those in `unclear`, are unknown."""

    fact: str
    values: tuple[str, ...]
    unclear: frozenset[str] = frozenset()

    def judge(self, facts: Facts) -> Truth:
        """True, false or unknown for these facts."""
        recorded = getattr(facts, self.fact)
        if recorded in UNDECIDED or recorded in self.unclear:
            return Truth.UNKNOWN
        return Truth.TRUE if recorded in self.values else Truth.FALSE

    def reasons(self, facts: Facts) -> tuple[Reason, ...]:
        """The single question this asks, with what was recorded."""
        return (Reason(self.fact, str(getattr(facts, self.fact)), self.values, self.judge(facts)),)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds: one false makes it false, else one unknown makes it unknown."""

    parts: tuple["Condition", ...]

    def judge(self, facts: Facts) -> Truth:
        """True, false or unknown for these facts."""
        found = {part.judge(facts) for part in self.parts}
        if Truth.FALSE in found:
            return Truth.FALSE
        return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.TRUE

    def reasons(self, facts: Facts) -> tuple[Reason, ...]:
        """The questions of every part, in the order of the rule."""
        return _reasons_of(self.parts, facts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some part holds: one true makes it true, else one unknown makes it unknown."""

    parts: tuple["Condition", ...]

    def judge(self, facts: Facts) -> Truth:
        """True, false or unknown for these facts."""
        found = {part.judge(facts) for part in self.parts}
        if Truth.TRUE in found:
            return Truth.TRUE
        return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.FALSE

    def reasons(self, facts: Facts) -> tuple[Reason, ...]:
        """The questions of every part, in the order of the rule."""
        return _reasons_of(self.parts, facts)


@dataclass(frozen=True, slots=True)
class Negation:
    """The part does not hold; the negation of unknown is unknown."""

    part: "Condition"

    def judge(self, facts: Facts) -> Truth:
        """True, false or unknown for these facts."""
        found = self.part.judge(facts)
        if found is Truth.UNKNOWN:
            return found
        return Truth.FALSE if found is Truth.TRUE else Truth.TRUE

    def reasons(self, facts: Facts) -> tuple[Reason, ...]:
        """The questions of the part, as asked before the negation."""
        return self.part.reasons(facts)


Condition = FactIn | AllOf | AnyOf | Negation


def _reasons_of(parts: Iterable[Condition], facts: Facts) -> tuple[Reason, ...]:
    return tuple(reason for part in parts for reason in part.reasons(facts))


def facts_of(condition: Condition) -> frozenset[str]:
    """The names of the facts that a condition reads."""
    match condition:
        case FactIn():
            return frozenset({condition.fact})
        case Negation():
            return facts_of(condition.part)
        case _:
            return frozenset().union(*(facts_of(part) for part in condition.parts))


def in_words(condition: Condition) -> str:
    """A condition as one line: ``indecent is yes and (severity is A or B)``."""
    match condition:
        case FactIn():
            return f"{condition.fact} is {' or '.join(condition.values)}"
        case Negation():
            return f"not ({in_words(condition.part)})"
        case _:
            joint = " and " if isinstance(condition, AllOf) else " or "
            parts = [in_words(part) for part in condition.parts]
            return joint.join(f"({part})" if " or " in part or " and " in part else part for part in parts)


def parse(raw: object, *, rule: str) -> Condition:
    """Read the condition of the rule named `rule` from its TOML value. Raises RulesInvalid."""
    if isinstance(raw, Mapping):
        match sorted(raw):
            case ["fact", "in"]:
                return _fact_in(raw["fact"], raw["in"], rule)
            case ["all"]:
                return AllOf(_parts(raw["all"], rule))
            case ["any"]:
                return AnyOf(_parts(raw["any"], rule))
            case ["not"]:
                return Negation(parse(raw["not"], rule=rule))
    raise RulesInvalid(
        f"Rule {rule!r}: {raw!r} is not a condition. Allowed: {_SHAPES}. Correct the rule file.", key="when"
    )


def _parts(raw: object, rule: str) -> tuple[Condition, ...]:
    if not isinstance(raw, list) or not raw:
        raise RulesInvalid(
            f"Rule {rule!r}: 'all' and 'any' need a list of at least one condition, not {raw!r}. "
            "An empty list would always hold, or never. Correct the rule file.",
            key="when",
        )
    return tuple(parse(part, rule=rule) for part in raw)


def _fact_in(fact: object, values: object, rule: str) -> FactIn:
    if not isinstance(fact, str) or fact not in FACTS:
        raise RulesInvalid(
            f"Rule {rule!r}: there is no fact named {fact!r}. Allowed: {', '.join(FACTS)}. Correct the rule file.",
            key="when",
        )
    allowed = [str(value) for value in FACTS[fact] if value not in UNDECIDED]
    if not isinstance(values, list) or not values or any(value not in allowed for value in values):
        raise RulesInvalid(
            f"Rule {rule!r}: the fact {fact!r} cannot be asked for {values!r}. Allowed: a list of one or "
            f"more of {', '.join(allowed)}. What is open never satisfies a rule. Correct the rule file.",
            key="when",
        )
    return FactIn(fact, tuple(values))
