"""The rules of triage, read from TOML and checked: what is selected, set aside, first and checked."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from openhotline.core.rule_files import Section, read_rule_file
from openhotline.hashlists.states import Verdict
from openhotline.triage.states import MACHINE_REASONS, Reason

SHIPPED = Path(__file__).resolve().parents[1] / "rules.toml"
MOST_POINTS = 1_000
TABLES = {"select", "set_aside", "priority", "recent", "second_look", "flood"}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the rules may look at; ``rules.toml`` says what each fact means. No mark of AI is among them."""

    readable: bool
    unseen: bool
    shortest_side: int
    verdicts: frozenset[str]
    real_basis: str
    suspects_altered_real: bool
    urgent: bool
    near_known: bool = False
    near_altered_real: bool = False
    recent: bool = False
    places: int = 1

    @property
    def known(self) -> bool:
        """Say whether a list knows exactly this file."""
        return Verdict.KNOWN in self.verdicts

    @property
    def harmless(self) -> bool:
        """Say whether a list calls exactly this file harmless."""
        return Verdict.HARMLESS in self.verdicts

    @property
    def maybe_a_picture(self) -> bool:
        """Say whether somebody could see something in it."""
        return self.readable or self.unseen


NUMBERS, WORDS = frozenset({"shortest_side", "places"}), frozenset({"real_basis"})
FACTS = frozenset({one.name for one in fields(Seen)} - {"verdicts"}) | {"known", "harmless", "maybe_a_picture"}
SETS_ASIDE_BY = frozenset({"readable", "harmless", "shortest_side"})
Condition = Callable[[Seen], bool]


@dataclass(frozen=True)
class SortRule:
    """A reason, and when it holds."""

    reason: Reason
    when: tuple[Condition, ...]

    def holds(self, seen: Seen) -> bool:
        """Say whether all conditions hold."""
        return all(one(seen) for one in self.when)


@dataclass(frozen=True)
class PriorityRule:
    """Points for a reason, with the sentence that the why-this-first panel shows."""

    code: str
    points: int
    sentence: str
    when: tuple[Condition, ...]

    def holds(self, seen: Seen) -> bool:
        """Say whether all conditions hold."""
        return all(one(seen) for one in self.when)


@dataclass(frozen=True)
class Rules:
    """All rules; ``second_looks`` is a share from 0 to 1, ``flood_*`` are items within ``flood_hours``."""

    select: tuple[SortRule, ...]
    set_aside: tuple[SortRule, ...]
    priority: tuple[PriorityRule, ...]
    recent_days: int
    second_looks: float
    second_looks_a_sheet: int
    flood_hours: int
    flood_imported: int
    flood_own: int


@cache
def read_rules(path: Path = SHIPPED) -> Rules:
    """Return the rules of a file. Raises Misconfigured with a sentence for whoever edits it."""
    whole = read_rule_file(path, "The rules of triage").exactly(TABLES)
    priority = tuple(_priority(row) for row in whole.tables("priority"))
    if len({one.code for one in priority}) < len(priority):
        raise whole.wrong("it gives points for the same code twice. Give each rule a code of its own.")
    flood, looks = whole.table("flood"), whole.table("second_look")
    return Rules(
        select=tuple(_sort_rule(row, FACTS) for row in whole.tables("select")),
        set_aside=tuple(_sort_rule(row, SETS_ASIDE_BY) for row in whole.tables("set_aside")),
        priority=priority,
        recent_days=whole.table("recent").number("days", 1, 366),
        second_looks=looks.number("share", 0, 1, whole=False),
        second_looks_a_sheet=looks.number("a_sheet", 0, 60),
        flood_hours=flood.number("hours", 1, 24 * 31),
        flood_imported=flood.number("imported", 1, 1_000_000),
        flood_own=flood.number("own", 1, 1_000_000),
    )


def _sort_rule(row: Section, facts: frozenset[str]) -> SortRule:
    row.exactly({"reason", "when"})
    if row.values["reason"] not in MACHINE_REASONS:
        raise row.wrong(
            f"the reason is {row.values['reason']!r}. A rule may give: {', '.join(sorted(MACHINE_REASONS))}; the other "
            "reasons are people's."
        )
    return SortRule(Reason(row.values["reason"]), _conditions(row, facts))


def _priority(row: Section) -> PriorityRule:
    row.exactly({"code", "points", "sentence", "when"})
    points = row.number("points", -MOST_POINTS, MOST_POINTS)
    return PriorityRule(row.words("code"), points, row.words("sentence"), _conditions(row, FACTS))


def _conditions(row: Section, facts: frozenset[str]) -> tuple[Condition, ...]:
    when = row.values["when"]
    if not isinstance(when, dict) or not when:
        raise row.wrong("it says nothing in `when`, so it would always hold.")
    if unknown := set(when) - facts:
        raise row.wrong(
            f"it is a rule about {', '.join(sorted(unknown))}. Here it may ask for: {', '.join(sorted(facts))}."
        )
    return tuple(_condition(row, fact, value) for fact, value in when.items())


def _condition(row: Section, fact: str, value: Any) -> Condition:
    if fact in NUMBERS and isinstance(value, dict) and len(value) == 1 and set(value) <= {"least", "most"}:
        (bound,) = value
        number = replace(row, values=value).number(bound, 0, 1_000_000)
        if bound == "least":
            return lambda seen: getattr(seen, fact) >= number
        return lambda seen: getattr(seen, fact) <= number
    if fact in WORDS and isinstance(value, dict) and isinstance(words := value.get("one_of"), list):
        return lambda seen: getattr(seen, fact) in words
    if fact not in NUMBERS | WORDS and isinstance(value, bool):
        return lambda seen: getattr(seen, fact) is value
    raise row.wrong(
        f"it compares {fact} to {value!r}. Compare it to true or false, to a number as {{ least = 1 }} or "
        "{ most = 1 }, or to words as { one_of = [...] }."
    )
