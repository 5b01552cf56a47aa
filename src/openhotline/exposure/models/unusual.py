"""The rules by which looking is unusual, read from TOML and checked."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from openhotline.core.errors import Misconfigured

SHIPPED = Path(__file__).resolve().parents[1] / "unusual.toml"


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
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(f"The rules for unusual looks {path} cannot be read: {error}.") from error
    _same(set(tables), {one.name for one in fields(Unusual)}, path, "the rules")
    return Unusual(**{one.name: _rule(one.type, tables[one.name], path) for one in fields(Unusual)})


def _rule(kind: Any, table: dict[str, object], path: Path) -> Any:
    _same(set(table), {one.name for one in fields(kind)}, path, kind.__name__)
    for name, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100_000:
            raise Misconfigured(f"{name} of {kind.__name__} in {path} is {value!r}; it is a number from 1 to 100,000.")
    return kind(**table)


def _same(there: set[str], wanted: set[str], path: Path, what: str) -> None:
    if there != wanted:
        raise Misconfigured(
            f"{path} has {', '.join(sorted(there)) or 'nothing'} for {what}; it needs exactly: "
            f"{', '.join(sorted(wanted))}. Copy the shipped file and change its numbers."
        )
