"""All rules together, with the digest that says which law an outcome was derived from."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import combinations
from typing import Self

from openhotline.law.errors import RulesInvalid, UnknownJurisdiction
from openhotline.law.models.rule import Rule
from openhotline.law.models.rulefile import Instrument, Jurisdiction, RuleFile
from openhotline.law.states import Yields

_TWO_TRACKS = frozenset({Yields.PHOTOGRAPHIC, Yields.PROHIBITED_IMAGE})


@dataclass(frozen=True, eq=False)
class RuleBook:
    """The rules of every jurisdiction. `version` is the start of the SHA-256 over the rule files."""

    rules: tuple[Rule, ...]
    version: str
    places: Mapping[str, Jurisdiction] = field(default_factory=dict)
    instruments: Mapping[str, tuple[Instrument, ...]] = field(default_factory=dict)

    @cached_property
    def jurisdictions(self) -> tuple[str, ...]:
        """The codes that have rules, sorted."""
        return tuple(sorted({rule.jurisdiction for rule in self.rules}))

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """The codes in which some rule can decide on some day; elsewhere every outcome would be not determined."""
        return tuple(sorted({rule.jurisdiction for rule in self.rules if rule.can_decide}))

    @cached_property
    def _by_place(self) -> dict[str, tuple[Rule, ...]]:
        return {code: tuple(r for r in self.rules if r.jurisdiction == code) for code in self.jurisdictions}

    def of(self, jurisdiction: str) -> tuple[Rule, ...]:
        """The rules of one jurisdiction, in file order. Raises UnknownJurisdiction."""
        found = self._by_place.get(jurisdiction)
        if not found:
            raise UnknownJurisdiction(
                f"There are no rules for the jurisdiction {jurisdiction!r}. Allowed: "
                f"{', '.join(self.jurisdictions)}. The law of one place is not derived from that of another."
            )
        return found

    def day_of(self, moment: datetime, jurisdiction: str) -> date:
        """The day of a moment where the jurisdiction is: law begins and ends at midnight there, not in UTC.

        Raises UnknownJurisdiction, and ValueError for a moment without a time zone.
        """
        self.of(jurisdiction)
        return self.places[jurisdiction].day_of(moment)

    @classmethod
    def from_toml(cls, files: Mapping[str, str]) -> Self:
        """Read rule files, text by file name. Raises RulesInvalid with the file, line, rule and key at fault."""
        digest = hashlib.sha256()
        read: list[RuleFile] = []
        for name, text in sorted(files.items()):
            digest.update(f"{name}\0{text}\0".encode())
            read.append(RuleFile.from_toml(name, text))
        _check_places(read)
        _check_ids(read)
        rules = tuple(rule for file in read for rule in file.rules)
        _check_overlaps(rules, {rule.id: f"{f.name}, line {f.lines[rule.id]}" for f in read for rule in f.rules})
        return cls(
            rules,
            digest.hexdigest()[:16],
            {file.jurisdiction.code: file.jurisdiction for file in read},
            {file.jurisdiction.code: file.instruments for file in read},
        )


def _check_places(files: Iterable[RuleFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        code = file.jurisdiction.code
        if code in seen:
            raise RulesInvalid(
                f"Rule files {seen[code]} and {file.name} are both about {code}. Keep a place in one file; a file of "
                "your own replaces the shipped one of the same name."
            )
        seen[code] = file.name
        yields = {rule.yields for rule in file.rules}
        if Yields.DEPICTION in yields and yields & _TWO_TRACKS:
            raise RulesInvalid(
                f"Rule file {file.name} yields depiction and also photographic or prohibited_image, so one image could "
                "have two outcomes. Allowed: depiction alone, or the other two."
            )


def _check_ids(files: Iterable[RuleFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        for rule in file.rules:
            if rule.id in seen:
                raise RulesInvalid(
                    f"Rule file {file.name}: two rules are named {rule.id!r}, the other in {seen[rule.id]}. "
                    "Give each its own id."
                )
            seen[rule.id] = file.name


def _check_overlaps(rules: Iterable[Rule], stands: Mapping[str, str]) -> None:
    dated = [rule for rule in rules if rule.valid_from is not None]
    for one, other in combinations(dated, 2):
        same = (one.jurisdiction, one.citation) == (other.jurisdiction, other.citation)
        if same and _first(one) <= _last(other) and _first(other) <= _last(one):
            raise RulesInvalid(
                f"Rules {one.id!r} ({stands[one.id]}) and {other.id!r} ({stands[other.id]}) are versions of "
                f"{one.citation} in {one.jurisdiction} and overlap in time. Give the older one a valid_to before the "
                "younger one's valid_from."
            )


def _first(rule: Rule) -> date:
    return rule.valid_from or date.min


def _last(rule: Rule) -> date:
    return rule.valid_to or date.max
