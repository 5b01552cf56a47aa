"""The law's records: facts, conditions, rules, outcomes and the cross-walk. No tables."""

from openhotline.law.models.changes import Began, RuleChange, between, rule_changes, turning_days
from openhotline.law.models.condition import AllOf, AnyOf, Condition, FactIn, Negation, Reason
from openhotline.law.models.crosswalk import Crosswalk, CrosswalkCell
from openhotline.law.models.facts import Facts
from openhotline.law.models.outcome import Outcome, TraceStep
from openhotline.law.models.rule import Rule
from openhotline.law.models.rulebook import RuleBook
from openhotline.law.models.rulefile import Instrument, Jurisdiction

__all__ = [
    "AllOf",
    "AnyOf",
    "Began",
    "Condition",
    "Crosswalk",
    "CrosswalkCell",
    "FactIn",
    "Facts",
    "Instrument",
    "Jurisdiction",
    "Negation",
    "Outcome",
    "Reason",
    "Rule",
    "RuleBook",
    "RuleChange",
    "TraceStep",
    "between",
    "rule_changes",
    "turning_days",
]
