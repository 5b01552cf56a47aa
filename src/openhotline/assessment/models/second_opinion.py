"""The rules by which a first opinion asks for a blind second one, read from TOML and checked."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from openhotline.core.errors import Misconfigured
from openhotline.law.models import Facts, Outcome
from openhotline.law.states import FACTS

SHIPPED = Path(__file__).resolve().parents[1] / "second_opinions.toml"
OUTCOMES = {"criminal": True, "not_criminal": False, "not_determined": None}
_SHAPES = 'outcome = "criminal", or fact = "…" with in = ["…"], or share = 0.05'
_LONGEST = 40


@dataclass(frozen=True)
class OfOutcome:
    """What the law says: criminal, not criminal (False), or not determined (None)."""

    criminal: bool | None

    def holds(self, _facts: Facts, outcome: Outcome, _draw: float) -> bool:
        """Say whether the law says this."""
        return outcome.criminal is self.criminal


@dataclass(frozen=True)
class OfFact:
    """One of some values of a fact was recorded."""

    fact: str
    values: frozenset[str]

    def holds(self, facts: Facts, _outcome: Outcome, _draw: float) -> bool:
        """Say whether one of them was recorded."""
        return facts.to_dict()[self.fact] in self.values


@dataclass(frozen=True)
class OfChance:
    """A random share of all."""

    share: float

    def holds(self, _facts: Facts, _outcome: Outcome, draw: float) -> bool:
        """Say whether this one was drawn; ``draw`` is from 0 to below 1."""
        return draw < self.share


@dataclass(frozen=True)
class SecondOpinionRule:
    """One rule: its id, what it asks, and the reason for it in a sentence."""

    id: str
    asks: OfOutcome | OfFact | OfChance
    because: str


def read_second_opinions(path: Path = SHIPPED) -> tuple[SecondOpinionRule, ...]:
    """Return the rules of a file in their order. Raises Misconfigured with a sentence for whoever edits it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(f"The rules for second opinions {path} cannot be read: {error}.") from error
    if set(tables) - {"rule"} or not isinstance(tables.get("rule", []), list):
        raise Misconfigured(f"{path} has {', '.join(sorted(tables))}; it may have [[rule]] alone, as often as needed.")
    rules = tuple(_rule(table, path) for table in tables.get("rule", []))
    if len({one.id for one in rules}) < len(rules):
        raise Misconfigured(f"{path} has two rules of one id. Give each its own: figures are told by it.")
    return rules


def _rule(table: dict[str, object], path: Path) -> SecondOpinionRule:
    identity, because = table.get("id"), table.get("because")
    named = isinstance(identity, str) and 0 < len(identity) <= _LONGEST
    if not named or not isinstance(because, str) or not because:
        raise Misconfigured(f"A rule of {path} has no id of 1 to {_LONGEST} letters, or no because: {table}.")
    asks = {name: value for name, value in table.items() if name not in {"id", "because"}}
    return SecondOpinionRule(str(identity), _asks(asks, f"Rule {identity} of {path}"), because)


def _asks(asks: dict[str, object], rule: str) -> OfOutcome | OfFact | OfChance:
    match sorted(asks), asks:
        case ["outcome"], {"outcome": str(outcome)} if outcome in OUTCOMES:
            return OfOutcome(OUTCOMES[outcome])
        case ["fact", "in"], {"fact": str(fact), "in": list(values)} if fact in FACTS:
            return OfFact(fact, _values(fact, values, rule))
        case ["share"], {"share": float(share)} if 0 <= share <= 1:
            return OfChance(share)
    raise Misconfigured(f"{rule} asks {asks}. A rule asks one of: {_SHAPES}.")


def _values(fact: str, values: list[object], rule: str) -> frozenset[str]:
    allowed = [str(one) for one in FACTS[fact]]
    unknown = [one for one in values if one not in allowed]
    if unknown or not values:
        asked = unknown[0] if unknown else "no value"
        raise Misconfigured(f"{rule} asks for {asked} of {fact}, which can be: {', '.join(allowed)}.")
    return frozenset(map(str, values))
