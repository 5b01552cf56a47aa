"""The law's records: facts, conditions, rules, outcomes and the cross-walk. No tables."""

from openhotline.law.models.condition import AllOf, AnyOf, Condition, FactIn, Negation, Reason
from openhotline.law.models.crosswalk import Crosswalk, CrosswalkCell
from openhotline.law.models.facts import Facts
from openhotline.law.models.outcome import Outcome, TraceStep
from openhotline.law.models.rule import Rule
from openhotline.law.models.rulebook import RuleBook

__all__ = [
    "AllOf",
    "AnyOf",
    "Condition",
    "Crosswalk",
    "CrosswalkCell",
    "FactIn",
    "Facts",
    "Negation",
    "Outcome",
    "Reason",
    "Rule",
    "RuleBook",
    "TraceStep",
]
