"""The rules by which looking is unusual, read from TOML and checked."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from openhotline.core.rule_files import Section, read_rule_file

SHIPPED = Path(__file__).resolve().parents[1] / "unusual.toml"
LEAST, MOST = 0.01, 100_000


@dataclass(frozen=True)
class RepeatedReveals:
    """The same item again and again: more than ``most`` times within ``hours``."""

    most: int
    hours: int


@dataclass(frozen=True)
class WithoutDecision:
    """More than ``most`` items in ``days`` that were not settled ``hours`` after they were revealed."""

    most: int
    hours: int
    days: int


@dataclass(frozen=True)
class UnusualNumber:
    """More than ``times`` one's own median day, and ``at_least``; from ``history`` days within ``days`` on."""

    times: float
    at_least: int
    days: int
    history: int


@dataclass(frozen=True)
class UnusualHour:
    """An hour at which one has not looked, from ``history`` days within ``days`` on."""

    days: int
    history: int


@dataclass(frozen=True)
class Unusual:
    """All rules."""

    repeated_reveals: RepeatedReveals
    without_decision: WithoutDecision
    unusual_number: UnusualNumber
    unusual_hour: UnusualHour


def read_rules(path: Path = SHIPPED) -> Unusual:
    """Return the rules of a file. Raises Misconfigured with a sentence for whoever edits it."""
    copy = "Copy the shipped file and change its numbers."
    whole = read_rule_file(path, "The rules for unusual looks", copy=copy).exactly(one.name for one in fields(Unusual))
    return Unusual(**{one.name: _rule(one.type, whole.table(one.name)) for one in fields(Unusual)})


def _rule(kind: Any, table: Section) -> Any:
    names = [one.name for one in fields(kind)]
    table.exactly(names)
    return kind(**{name: table.number(name, LEAST, MOST, whole=False) for name in names})
