"""One rule file: a jurisdiction, its instruments and its rules, read so that a fault names file, line, rule and key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from openhotline.law.errors import RulesInvalid
from openhotline.law.models.rule import Rule
from openhotline.law.states import Yields

_TABLES = frozenset({"jurisdiction", "instrument", "rule"})
_HEAD = re.compile(r"\s*\[\[?\w+\]\]?\s*(#.*)?$")
_PLACE = {"code": str, "name": str, "zone": str}
_INSTRUMENT = {"title": str, "year": int, "source": str}
Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A place with law of its own. Its days begin at midnight in `zone`."""

    code: str
    name: str
    zone: ZoneInfo

    def day_of(self, moment: datetime) -> date:
        """The day of a moment in this place. Raises ValueError for a moment without a time zone."""
        if moment.tzinfo is None:
            raise ValueError(f"The moment {moment} has no time zone, so its day is not known. Give one with a zone.")
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Instrument:
    """An Act, Order, code or draft: its title, the year it was made, where its text stands."""

    title: str
    year: int
    source: str


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What one file holds. `lines` is the line on which each rule begins, by the rule's id."""

    name: str
    jurisdiction: Jurisdiction
    instruments: tuple[Instrument, ...]
    rules: tuple[Rule, ...]
    lines: Mapping[str, int]

    @classmethod
    def from_toml(cls, name: str, text: str) -> Self:
        """Read one file. Raises RulesInvalid with the file, line, rule and key at fault."""
        content = _content(name, text)
        with _placed(name, text, "jurisdiction"):
            place = _jurisdiction(content.get("jurisdiction"))
        instruments: dict[str, Instrument] = {}
        for number, raw in enumerate(_tables(content, "instrument", name)):
            with _placed(name, text, "instrument", number):
                one = _instrument(raw, instruments)
            instruments[one.title] = one
        rules: list[Rule] = []
        for number, raw in enumerate(_tables(content, "rule", name)):
            with _placed(name, text, "rule", number):
                rules.append(Rule.from_toml(raw, jurisdiction=place.code))
                _check_instrument(rules[-1], instruments)
        lines = {rule.id: _line(text, "rule", number) for number, rule in enumerate(rules)}
        return cls(name, place, tuple(instruments.values()), tuple(rules), lines)


def _content(name: str, text: str) -> dict[str, object]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesInvalid(f"Rule file {name} is not TOML: {error}. Correct the file.") from error
    if set(content) - _TABLES or not content.get("rule"):
        raise RulesInvalid(
            f"Rule file {name} must hold one [jurisdiction], [[instrument]] tables and [[rule]] tables and nothing "
            f"else; it holds {', '.join(content) or 'nothing'}. Correct the file."
        )
    return content


def _tables(content: Table, kind: str, name: str) -> list[Table]:
    tables = content.get(kind, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RulesInvalid(f"Rule file {name}: each {kind} must be a [[{kind}]] table of its own. Correct the file.")
    return tables


@contextmanager
def _placed(name: str, text: str, table: str, number: int = 0) -> Iterator[None]:
    """Put file and line before the sentence of what is refused inside."""
    try:
        yield
    except RulesInvalid as error:
        line = _line(text, table, number, error.key)
        raise RulesInvalid(f"Rule file {name}, line {line}: {error}", key=error.key) from error


def _line(text: str, table: str, number: int, key: str | None = None) -> int:
    """The line, counted from 1, of a key in the `number`-th table of that name, or else of the table's head."""
    lines = text.splitlines()
    heads = [at for at, line in enumerate(lines) if re.match(rf"\s*\[\[?{table}\]\]?\s*(#.*)?$", line)]
    if number >= len(heads):
        return 1
    for at, line in enumerate(lines[heads[number] + 1 :], start=heads[number] + 1):
        if _HEAD.match(line):
            break
        if key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return at + 1
    return heads[number] + 1


def _fields(raw: object, wanted: Mapping[str, type], what: str) -> dict[str, object]:
    if not isinstance(raw, dict) or set(raw) != set(wanted):
        given = ", ".join(raw) if isinstance(raw, dict) else "nothing"
        raise RulesInvalid(f"The {what} has the fields {given}. Needed, and no others: {', '.join(wanted)}.")
    for name, kind in wanted.items():
        if type(raw[name]) is not kind or not raw[name]:
            raise RulesInvalid(
                f"The {what}: {name} cannot be {raw[name]!r}. Allowed: a "
                f"{'year such as 1978' if kind is int else 'text that is not empty'}.",
                key=name,
            )
    return raw


def _jurisdiction(raw: object) -> Jurisdiction:
    fields = {name: str(value) for name, value in _fields(raw, _PLACE, "jurisdiction").items()}
    try:
        zone = ZoneInfo(fields["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RulesInvalid(
            f"The jurisdiction: this machine knows no time zone {fields['zone']!r}. Allowed: a name such as "
            "Europe/London; where all are unknown, install the system's time zone data (tzdata).",
            key="zone",
        ) from error
    return Jurisdiction(fields["code"], fields["name"], zone)


def _instrument(raw: Table, before: Mapping[str, Instrument]) -> Instrument:
    fields = _fields(raw, _INSTRUMENT, "instrument")
    one = Instrument(str(fields["title"]), int(str(fields["year"])), str(fields["source"]))
    if one.title in before:
        raise RulesInvalid(f"Two instruments are titled {one.title!r}. Name each once.", key="title")
    return one


def _check_instrument(rule: Rule, instruments: Mapping[str, Instrument]) -> None:
    """A gap cites nothing; every other rule cites an instrument of its file, and begins no earlier than that."""
    if rule.yields is Yields.GAP:
        return
    found = instruments.get(rule.instrument)
    if found is None:
        raise RulesInvalid(
            f"Rule {rule.id!r}: there is no instrument {rule.instrument!r} in this file. Allowed: "
            f"{', '.join(instruments) or 'none yet'}. Add an [[instrument]] with title, year and source.",
            key="instrument",
        )
    if rule.valid_from is not None and rule.valid_from.year < found.year:
        raise RulesInvalid(
            f"Rule {rule.id!r}: valid_from {rule.valid_from} lies before {found.title} was made in {found.year}. "
            "Correct the date.",
            key="valid_from",
        )
