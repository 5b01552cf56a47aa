"""The rules by which a first opinion asks for a blind second one, read from TOML and checked."""

from dataclasses import dataclass
from pathlib import Path

from openhotline.accounts.states import ASSESSORS, Role
from openhotline.core.rule_files import Section, read_rule_file
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
    whole = read_rule_file(path, "The rules for second opinions")
    if set(whole.values) - {"rule", "settled_by"}:
        names = ", ".join(sorted(whole.values))
        raise whole.wrong(f"it has {names}; it may have settled_by, and [[rule]] as often as needed.")
    rules = tuple(_rule(table) for table in whole.tables("rule"))
    if len({one.id for one in rules}) < len(rules):
        raise whole.wrong("two rules have one id. Give each its own: figures are told by it.")
    return rules


def read_settlers(path: Path = SHIPPED) -> frozenset[Role]:
    """Return the roles that settle disagreements and give reviews; senior analysts where a file says nothing of it."""
    whole = read_rule_file(path, "The rules for second opinions")
    named = whole.values.get("settled_by", [Role.SENIOR.value])
    allowed = sorted(role.value for role in ASSESSORS)
    if not isinstance(named, list) or not named or not set(named) <= set(allowed):
        raise whole.wrong(f"settled_by is {named}; it names one or more of: {', '.join(allowed)}.")
    return frozenset(Role(one) for one in named)


def _rule(table: Section) -> SecondOpinionRule:
    identity, because = table.words("id", _LONGEST), table.words("because")
    return SecondOpinionRule(identity, _asks(table), because)


def _asks(table: Section) -> OfOutcome | OfFact | OfChance:
    match sorted(set(table.values) - {"id", "because"}):
        case ["outcome"]:
            return OfOutcome(OUTCOMES[table.one_of("outcome", OUTCOMES)])
        case ["fact", "in"]:
            fact = table.one_of("fact", FACTS)
            return OfFact(fact, _values(fact, table))
        case ["share"]:
            return OfChance(table.number("share", 0, 1, whole=False))
        case asks:
            raise table.wrong(f"it asks {', '.join(asks) or 'nothing'}. A rule asks one of: {_SHAPES}.")


def _values(fact: str, table: Section) -> frozenset[str]:
    allowed = [str(one) for one in FACTS[fact]]
    values = table.values["in"]
    unknown = [one for one in values if one not in allowed] if isinstance(values, list) else [values]
    if unknown or not values:
        asked = unknown[0] if unknown else "no value"
        raise table.wrong(f"it asks for {asked} of {fact}, which can be: {', '.join(allowed)}.")
    return frozenset(map(str, values))
