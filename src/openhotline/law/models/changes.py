"""What changed in the law: between two sets of rule files, and between two days of one set."""

from dataclasses import dataclass
from datetime import date, timedelta

from openhotline.law.models.condition import in_words
from openhotline.law.models.rule import Rule
from openhotline.law.models.rulebook import RuleBook

# What is worked out of the other fields; the condition is compared in words.
_DERIVED = frozenset({"covers", "conditions", "reads", "when"})


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is in one set only, or reads differently in the two.

    `fields` has name, text before and text after of each field that differs; it is empty for a rule that was `added`
    or `removed`. `decides` is false where the rule decides on no day before and none after.
    """

    jurisdiction: str
    rule_id: str
    citation: str
    what: str
    fields: tuple[tuple[str, str, str], ...]
    decides: bool


@dataclass(frozen=True, slots=True)
class Began:
    """A rule that is law on the later of two days and was not on the earlier (`began`), or the other way round."""

    rule: Rule
    began: bool


def rule_changes(before: RuleBook, after: RuleBook) -> tuple[RuleChange, ...]:
    """Every rule that differs between two sets, by jurisdiction and id."""
    old, new = ({rule.id: rule for rule in book.rules} for book in (before, after))
    found = [_change(old.get(name), new.get(name)) for name in {*old, *new}]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.jurisdiction, one.rule_id)))


def between(book: RuleBook, earlier: date, later: date) -> tuple[Began, ...]:
    """The rules that began or ceased to be law from one day to another, in file order."""
    stands = ((rule, _is_law(rule, earlier), _is_law(rule, later)) for rule in book.rules)
    return tuple(Began(rule, now) for rule, before, now in stands if before is not now)


def turning_days(book: RuleBook, jurisdiction: str) -> tuple[date, ...]:
    """The days on which a jurisdiction's law reads differently from the day before, oldest first."""
    days: set[date] = set()
    for rule in book.of(jurisdiction):
        if rule.can_decide and rule.valid_from:
            days.add(rule.valid_from)
        if rule.can_decide and rule.valid_to and rule.valid_to < date.max:
            days.add(rule.valid_to + timedelta(days=1))
    return tuple(sorted(days))


def _is_law(rule: Rule, on: date) -> bool:
    return rule.why_not_in_force(on) is None


def _change(old: Rule | None, new: Rule | None) -> RuleChange | None:
    one = new or old
    if one is None:
        return None
    fields = () if old is None or new is None else _fields(old, new)
    if old is not None and new is not None and not fields:
        return None
    what = "changed" if fields else "added" if old is None else "removed"
    decides = any(rule.can_decide for rule in (old, new) if rule is not None)
    return RuleChange(one.jurisdiction, one.id, one.citation, what, fields, decides)


def _fields(old: Rule, new: Rule) -> tuple[tuple[str, str, str], ...]:
    names = [name for name in Rule.__dataclass_fields__ if name not in _DERIVED]
    pairs = [(name, str(getattr(old, name)), str(getattr(new, name))) for name in names]
    pairs.append(("when", in_words(old.when), in_words(new.when)))
    return tuple(pair for pair in pairs if pair[1] != pair[2])
