"""One provision as dated data. Every field of a rule takes part in the judgement or is shown with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from openhotline.law.errors import RulesInvalid
from openhotline.law.models.condition import AllOf, AnyOf, Condition, FactIn, facts_of, parse
from openhotline.law.models.fields import ADULT, age, choice, day, fields_known, text
from openhotline.law.states import (
    AgeBand,
    AppliesTo,
    CommencementStatus,
    ContentKind,
    RealismTest,
    RealPerson,
    Yields,
)

_CONTENT = {
    AppliesTo.IMAGERY: (ContentKind.IMAGE, ContentKind.VIDEO),
    AppliesTo.TOOL: (ContentKind.AI_MODEL_OR_TOOL,),
    AppliesTo.GUIDE: (ContentKind.GUIDE,),
}
# Exclusive by construction: a (pseudo-)photograph needs the look of one, a prohibited image its absence.
_MUST = {
    Yields.PHOTOGRAPHIC: (AppliesTo.IMAGERY, (RealismTest.PHOTOGRAPH_LIKE,)),
    Yields.PROHIBITED_IMAGE: (AppliesTo.IMAGERY, (RealismTest.NOT_PHOTOGRAPH_LIKE,)),
    Yields.DEPICTION: (
        AppliesTo.IMAGERY,
        (RealismTest.PHOTOGRAPH_LIKE, RealismTest.REALISTIC, RealismTest.ANY_DEPICTION),
    ),
    Yields.IMAGE_GENERATOR: (AppliesTo.TOOL, (RealismTest.NONE,)),
    Yields.GUIDE: (AppliesTo.GUIDE, (RealismTest.NONE,)),
}
_DATED = frozenset({CommencementStatus.IN_FORCE, CommencementStatus.REPEALED})


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """A provision, when it is law, and what it asks.

    `valid_to` is the last day in force. `age` is the age, in years, under which a person is a child for this
    rule; None where the rule asks for no child. `verified_on` is None until somebody recorded reading the
    source. `covers` is the part of the conditions that says which content the rule is about.
    """

    id: str
    jurisdiction: str
    instrument: str
    provision: str
    applies_to: AppliesTo
    realism_test: RealismTest
    real_person_needed: RealPerson
    age: int | None
    valid_from: date | None
    valid_to: date | None
    commencement_status: CommencementStatus
    yields: Yields
    when: Condition
    source: str
    verified_on: date | None
    note: str
    covers: FactIn = field(init=False)
    conditions: Condition = field(init=False)
    reads: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        covers = FactIn("content_kind", _CONTENT[self.applies_to])
        conditions = AllOf((covers, *_realism(self.realism_test), *_child(self.age), *self._person(), self.when))
        object.__setattr__(self, "covers", covers)
        object.__setattr__(self, "conditions", conditions)
        object.__setattr__(self, "reads", tuple(sorted(facts_of(conditions))))

    def _person(self) -> tuple[Condition, ...]:
        match self.real_person_needed:
            case RealPerson.YES:
                return (FactIn("real_child", ("yes",)),)
            case RealPerson.IDENTIFIABLE:
                return (FactIn("likeness_identifiable", ("yes",)),)
            case _:
                return ()

    @property
    def can_decide(self) -> bool:
        """Whether there is a day on which the rule decides; what is not commenced or not verified has none."""
        return self.commencement_status in _DATED

    @property
    def citation(self) -> str:
        """Instrument and provision as one would cite them."""
        return f"{self.instrument}, {self.provision}"

    def why_not_in_force(self, on: date) -> str | None:
        """None when the rule is law on that day, otherwise the reason it is not, as a sentence."""
        if self.commencement_status is CommencementStatus.ENACTED_NOT_COMMENCED:
            return "Enacted, but nobody has recorded that it was brought into force."
        if self.commencement_status is CommencementStatus.UNVERIFIED:
            return "Whether it is law is not verified, so it decides nothing."
        if self.valid_from is None or on < self.valid_from:
            return f"Not yet law on {on}: in force from {self.valid_from}."
        if self.valid_to is not None and on > self.valid_to:
            return f"No longer law on {on}: last in force on {self.valid_to}."
        return None

    @classmethod
    def from_toml(cls, raw: Mapping[str, object], *, jurisdiction: str) -> Self:
        """Read one ``[[rule]]`` table of a place's file. Raises RulesInvalid naming rule, field and what is allowed."""
        rule_id = str(raw.get("id", "without an id"))
        fields_known(raw, rule_id)
        rule = cls(
            **{name: text(raw, name, rule_id) for name in ("id", "instrument", "provision")},
            jurisdiction=jurisdiction,
            applies_to=choice(AppliesTo, raw, "applies_to", rule_id),
            realism_test=choice(RealismTest, raw, "realism_test", rule_id),
            real_person_needed=choice(RealPerson, raw, "real_person_needed", rule_id),
            age=age(raw.get("age"), rule_id),
            valid_from=day(raw.get("valid_from"), "valid_from", rule_id),
            valid_to=day(raw.get("valid_to"), "valid_to", rule_id),
            commencement_status=choice(CommencementStatus, raw, "commencement_status", rule_id),
            yields=choice(Yields, raw, "yields", rule_id),
            when=parse(raw["when"], rule=rule_id),
            source=text(raw, "source", rule_id),
            verified_on=day(raw["verified_on"] or None, "verified_on", rule_id),
            note=str(raw.get("note", "")),
        )
        _check_shape(rule)
        _check_dates(rule)
        return rule


def _realism(test: RealismTest) -> tuple[Condition, ...]:
    match test:
        case RealismTest.PHOTOGRAPH_LIKE:
            return (FactIn("looks_like_photograph", ("yes",)),)
        case RealismTest.NOT_PHOTOGRAPH_LIKE:
            return (FactIn("looks_like_photograph", ("no",)),)
        case RealismTest.REALISTIC:
            return (AnyOf((FactIn("looks_like_photograph", ("yes",)), FactIn("looks_realistic", ("yes",)))),)
        case _:
            return ()


def _child(age: int | None) -> tuple[Condition, ...]:
    """Under `age`: a child is shown and, where the limit lies below 18, the apparent band lies below it."""
    if age is None:
        return ()
    shown = FactIn("depicts_child", ("yes",))
    if age >= ADULT:
        return (shown,)
    bands = {band: [int(end) for end in band.split("-")] for band in AgeBand if band is not AgeBand.NOT_DETERMINED}
    below = tuple(str(band) for band, (_, last) in bands.items() if last < age)
    across = frozenset(str(band) for band, (first, last) in bands.items() if first < age <= last)
    return (shown, FactIn("age_band", below, across))


def _check_shape(rule: Rule) -> None:
    applies_to, looks = _MUST.get(rule.yields, (rule.applies_to, (rule.realism_test,)))
    if rule.applies_to is not applies_to or rule.realism_test not in looks:
        raise RulesInvalid(
            f"Rule {rule.id!r}: yields {rule.yields} with applies_to {rule.applies_to} and realism_test "
            f"{rule.realism_test}. Allowed: applies_to {applies_to} with realism_test {' or '.join(looks)}. A "
            "(pseudo-)photograph and a prohibited image exclude each other by the look of the image.",
            key="yields",
        )
    if (rule.age is None) is (rule.applies_to is AppliesTo.IMAGERY):
        raise RulesInvalid(
            f"Rule {rule.id!r}: age is {rule.age} and applies_to is {rule.applies_to}. "
            "A rule on imagery needs an age; a rule on a tool or a guide has none.",
            key="age",
        )


def _check_dates(rule: Rule) -> None:
    if rule.commencement_status in _DATED and rule.valid_from is None:
        raise RulesInvalid(
            f"Rule {rule.id!r}: {rule.commencement_status} needs valid_from, the first day in force.",
            key="commencement_status",
        )
    if rule.commencement_status is CommencementStatus.REPEALED and rule.valid_to is None:
        raise RulesInvalid(
            f"Rule {rule.id!r}: repealed needs valid_to, the last day in force.", key="commencement_status"
        )
    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        raise RulesInvalid(
            f"Rule {rule.id!r}: valid_to {rule.valid_to} lies before valid_from {rule.valid_from}. Correct the dates.",
            key="valid_to",
        )
