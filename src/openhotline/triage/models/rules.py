"""The rules of triage, read from TOML and checked: what is selected, set aside, first and checked."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from openhotline.core.errors import Misconfigured
from openhotline.hashlists.states import Verdict
from openhotline.triage.states import MACHINE_REASONS, Reason

SHIPPED = Path(__file__).resolve().parents[1] / "rules.toml"
MOST_POINTS = 1_000
TABLES = {"select", "set_aside", "priority", "recent", "second_look", "flood"}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the rules may look at; ``rules.toml`` says what each fact means. No mark of AI is among them."""

    readable: bool
    gave_up: bool
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
        return self.readable or self.gave_up


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
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(f"The rules of triage {path} cannot be read: {error}.") from error
    reader = _Reader(path)
    reader.same(set(tables), TABLES, "the tables")
    priority = tuple(reader.priority(row) for row in reader.rows(tables, "priority"))
    if len({one.code for one in priority}) < len(priority):
        raise Misconfigured(f"{path} gives points for the same code twice. Give each rule a code of its own.")
    flood, looks = reader.table(tables, "flood"), reader.table(tables, "second_look")
    return Rules(
        select=tuple(reader.sort_rule(row, FACTS) for row in reader.rows(tables, "select")),
        set_aside=tuple(reader.sort_rule(row, SETS_ASIDE_BY) for row in reader.rows(tables, "set_aside")),
        priority=priority,
        recent_days=reader.number(reader.table(tables, "recent"), "days", 1, 366),
        second_looks=reader.number(looks, "share", 0, 1, kind=float),
        second_looks_a_sheet=reader.number(looks, "a_sheet", 0, 60),
        flood_hours=reader.number(flood, "hours", 1, 24 * 31),
        flood_imported=reader.number(flood, "imported", 1, 1_000_000),
        flood_own=reader.number(flood, "own", 1, 1_000_000),
    )


@dataclass(frozen=True)
class _Reader:
    path: Path

    def same(self, there: set[str], wanted: set[str], what: str) -> None:
        if there != wanted:
            raise Misconfigured(
                f"{self.path} has {', '.join(sorted(there)) or 'nothing'} for {what}; it needs exactly: "
                f"{', '.join(sorted(wanted))}. Copy the shipped file and change that."
            )

    def rows(self, tables: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        rows = tables[name]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Misconfigured(f"{name} in {self.path} is no list of rules. Write each as [[{name}]].")
        return rows

    def table(self, tables: Mapping[str, Any], name: str) -> dict[str, Any]:
        if not isinstance(tables[name], dict):
            raise Misconfigured(f"{name} in {self.path} is no table. Write it as [{name}].")
        return dict(tables[name])

    def number(self, table: Mapping[str, Any], name: str, least: int, most: int, kind: type = int) -> Any:
        value = table.get(name)
        fits = isinstance(value, int | kind) and not isinstance(value, bool)
        if not fits or value is None or not least <= value <= most:
            raise Misconfigured(f"{name} in {self.path} is {value!r}; it is a number from {least:,} to {most:,}.")
        return value

    def sort_rule(self, row: Mapping[str, Any], facts: frozenset[str]) -> SortRule:
        self.same(set(row), {"reason", "when"}, "a rule that selects or sets aside")
        if row["reason"] not in MACHINE_REASONS:
            raise Misconfigured(
                f"{self.path} has a rule with the reason {row['reason']!r}. A rule may give: "
                f"{', '.join(sorted(MACHINE_REASONS))}; the other reasons are people's."
            )
        return SortRule(Reason(row["reason"]), self.conditions(row["when"], facts))

    def priority(self, row: Mapping[str, Any]) -> PriorityRule:
        self.same(set(row), {"code", "points", "sentence", "when"}, "a rule of priority")
        points = self.number(row, "points", -MOST_POINTS, MOST_POINTS)
        return PriorityRule(str(row["code"]), points, str(row["sentence"]), self.conditions(row["when"], FACTS))

    def conditions(self, when: Any, facts: frozenset[str]) -> tuple[Condition, ...]:
        if not isinstance(when, dict) or not when:
            raise Misconfigured(f"{self.path} has a rule that says nothing in `when`, so it would always hold.")
        if unknown := set(when) - facts:
            raise Misconfigured(
                f"{self.path} has a rule about {', '.join(sorted(unknown))}. Here it may ask for: "
                f"{', '.join(sorted(facts))}."
            )
        return tuple(self.condition(fact, value) for fact, value in when.items())

    def condition(self, fact: str, value: Any) -> Condition:
        if fact in NUMBERS and isinstance(value, dict) and len(value) == 1 and set(value) <= {"least", "most"}:
            (bound,) = value
            number = self.number(value, bound, 0, 1_000_000)
            if bound == "least":
                return lambda seen: getattr(seen, fact) >= number
            return lambda seen: getattr(seen, fact) <= number
        if fact in WORDS and isinstance(value, dict) and isinstance(words := value.get("one_of"), list):
            return lambda seen: getattr(seen, fact) in words
        if fact not in NUMBERS | WORDS and isinstance(value, bool):
            return lambda seen: getattr(seen, fact) is value
        raise Misconfigured(
            f"{self.path} compares {fact} to {value!r}. Compare it to true or false, to a number as {{ least = 1 }} or "
            "{ most = 1 }, or to words as { one_of = [...] }."
        )
