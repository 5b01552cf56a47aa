"""All rules together, with the digest that says which law an outcome was derived from."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Self

from openhotline.law.errors import RulesInvalid, UnknownJurisdiction
from openhotline.law.models.rule import Rule


@dataclass(frozen=True, eq=False)
class RuleBook:
    """The rules of every jurisdiction. `version` is the start of the SHA-256 over the rule files."""

    rules: tuple[Rule, ...]
    version: str

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The codes that have rules, sorted."""
        return tuple(sorted({rule.jurisdiction for rule in self.rules}))

    def of(self, jurisdiction: str) -> tuple[Rule, ...]:
        """The rules of one jurisdiction, in file order. Raises UnknownJurisdiction."""
        found = tuple(rule for rule in self.rules if rule.jurisdiction == jurisdiction)
        if not found:
            raise UnknownJurisdiction(
                f"No rules are shipped for the jurisdiction {jurisdiction!r}. Allowed: "
                f"{', '.join(self.jurisdictions)}. The law of one place is not derived from that of another."
            )
        return found

    @classmethod
    def from_toml(cls, files: Mapping[str, str]) -> Self:
        """Read rule files, text by file name. Raises RulesInvalid with the file or rule at fault."""
        digest = hashlib.sha256()
        rules: list[Rule] = []
        for name, text in sorted(files.items()):
            digest.update(f"{name}\0{text}\0".encode())
            rules += [Rule.from_toml(raw) for raw in _tables(name, text)]
        _check_ids(rules)
        _check_overlaps(rules)
        return cls(tuple(rules), digest.hexdigest()[:16])


def _tables(name: str, text: str) -> list[dict[str, object]]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesInvalid(f"Rule file {name} is not TOML: {error}. Correct the file.") from error
    tables = content.pop("rule", None)
    if content or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RulesInvalid(f"Rule file {name} must hold [[rule]] tables and nothing else. Correct the file.")
    return tables


def _check_ids(rules: Iterable[Rule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RulesInvalid(f"Two rules are named {rule.id!r}. Give each its own id.")
        seen.add(rule.id)


def _check_overlaps(rules: Iterable[Rule]) -> None:
    dated = [rule for rule in rules if rule.valid_from is not None]
    for one, other in combinations(dated, 2):
        same = (one.jurisdiction, one.citation) == (other.jurisdiction, other.citation)
        if same and _first(one) <= _last(other) and _first(other) <= _last(one):
            raise RulesInvalid(
                f"Rules {one.id!r} and {other.id!r} are versions of {one.citation} in {one.jurisdiction} and "
                "overlap in time. Give the older one a valid_to before the younger one's valid_from."
            )


def _first(rule: Rule) -> date:
    return rule.valid_from or date.min


def _last(rule: Rule) -> date:
    return rule.valid_to or date.max
