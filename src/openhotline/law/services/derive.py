"""Derive what one jurisdiction's law says of recorded facts on a day. Pure: nothing is read but the rules.

How the outcome is found, in this order:

1. A rule that is law on the day and met names the outcome.
2. A person who recorded that the age is not clear is not overruled: the outcome is not determined.
3. *Not criminal* is said only when some rule in force covers this kind of content and every one is false.
4. Everything else is not determined, with the facts that are missing.

A rule of an Act known to be in force decides even while nobody has recorded reading its source: it carries
``commencement_status = "in_force"`` with an empty ``verified_on``, and the outcome says ``verified=False``.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from openhotline.law import queries
from openhotline.law.models import Facts, Outcome, Reason, Rule, RuleBook, TraceStep
from openhotline.law.states import (
    FACTS,
    PHOTOGRAPHIC,
    AiInvolvement,
    DepictsChild,
    OutcomeKind,
    Severity,
    Truth,
    Yields,
)

_BY_AI = {
    AiInvolvement.NONE_SEEN: OutcomeKind.PHOTOGRAPH,
    AiInvolvement.WHOLLY_SYNTHETIC: OutcomeKind.PSEUDO_PHOTOGRAPH,
    AiInvolvement.REAL_PICTURE_ALTERED: OutcomeKind.PSEUDO_PHOTOGRAPH,
}
_BY_YIELDS = {
    Yields.PROHIBITED_IMAGE: OutcomeKind.PROHIBITED_IMAGE,
    Yields.DEPICTION: OutcomeKind.DEPICTION,
    Yields.IMAGE_GENERATOR: OutcomeKind.IMAGE_GENERATOR,
    Yields.GUIDE: OutcomeKind.GUIDE,
}
_NOTE_WHICH = "Which of photograph and pseudo-photograph is not determined; it is one of the two."
_NOTE_AGE = "The age is not clear, so neither a criminal outcome nor not criminal is stated."
_NOTE_COVER = "No rule in force on this day covers this kind of content, so not criminal is not stated."
_NOTE_UNVERIFIED = "Rests on rules whose source nobody has recorded as read."


@dataclass(frozen=True, slots=True)
class _Held:
    """A rule, and what came of holding it against the facts."""

    rule: Rule
    step: TraceStep


def derive(facts: Facts, *, jurisdiction: str, as_of: date, rules: RuleBook | None = None) -> Outcome:
    """What `jurisdiction`, such as ``GB-EAW``, says of `facts` under the law in force on `as_of`.

    Args:
        facts: as one person, or the resolution of several, recorded them.
        jurisdiction: one code; ``GB`` is three, see `openhotline.law.queries.jurisdictions`.
        as_of: the day whose law counts; normally the day of the assessment.
        rules: the shipped ones unless given.

    Raises UnknownJurisdiction where no rules are shipped, RulesInvalid where the shipped ones are broken.
    """
    book = queries.rules() if rules is None else rules
    held = tuple(_hold(rule, facts, as_of) for rule in book.of(jurisdiction))
    applied = tuple(one for one in held if one.step.applied)
    met = tuple(one for one in applied if one.step.result is Truth.TRUE and one.rule.yields is not Yields.GAP)
    kind = _kind(facts, applied, met)
    verified = all(one.step.verified for one in met or applied) and bool(applied)
    return Outcome(
        jurisdiction=jurisdiction,
        as_of=as_of,
        kind=kind,
        criminal=_criminal(kind),
        category=_category(kind, facts),
        rule_ids=tuple(one.rule.id for one in met),
        provisions=tuple(one.rule.citation for one in met),
        verified=verified,
        missing=_missing(kind, facts, applied),
        notes=_notes(kind, facts, applied, verified=verified),
        law_version=book.version,
        trace=tuple(one.step for one in held),
    )


def _hold(rule: Rule, facts: Facts, as_of: date) -> _Held:
    result, reasons = _judge(rule, tuple((name, getattr(facts, name)) for name in rule.reads))
    why_not = rule.why_not_in_force(as_of)
    step = TraceStep(
        rule_id=rule.id,
        provision=rule.citation,
        applied=why_not is None,
        standing=why_not or f"In force on {as_of}.",
        result=result,
        verified=rule.verified_on is not None,
        reasons=reasons,
    )
    return _Held(rule, step)


@lru_cache(maxsize=8192)
def _judge(rule: Rule, recorded: tuple[tuple[str, str], ...]) -> tuple[Truth, tuple[Reason, ...]]:
    """Only the facts the rule reads are the key: deriving a whole archive again meets few combinations."""
    facts = Facts.from_dict(dict(recorded))
    return rule.conditions.judge(facts), rule.conditions.reasons(facts)


def _kind(facts: Facts, applied: tuple[_Held, ...], met: tuple[_Held, ...]) -> OutcomeKind:
    if met:
        yields = met[0].rule.yields
        if yields is Yields.PHOTOGRAPHIC:
            return _BY_AI.get(facts.ai_involvement, OutcomeKind.PHOTOGRAPH_OR_PSEUDO)
        return _BY_YIELDS[yields]
    if facts.depicts_child is DepictsChild.AGE_NOT_CLEAR:
        return OutcomeKind.NOT_DETERMINED
    if _covered(facts, applied) and all(one.step.result is Truth.FALSE for one in applied):
        return OutcomeKind.NOT_CRIMINAL
    return OutcomeKind.NOT_DETERMINED


def _covered(facts: Facts, applied: tuple[_Held, ...]) -> bool:
    return any(one.rule.covers.judge(facts) is Truth.TRUE for one in applied)


def _criminal(kind: OutcomeKind) -> bool | None:
    if kind is OutcomeKind.NOT_DETERMINED:
        return None
    return kind is not OutcomeKind.NOT_CRIMINAL


def _category(kind: OutcomeKind, facts: Facts) -> str | None:
    if kind not in PHOTOGRAPHIC or facts.severity in {Severity.NONE, Severity.NOT_DETERMINED}:
        return None
    return str(facts.severity)


def _missing(kind: OutcomeKind, facts: Facts, applied: tuple[_Held, ...]) -> tuple[str, ...]:
    """The open facts that would help, in the order in which a person is asked."""
    wanted: set[str] = set()
    if kind is OutcomeKind.NOT_DETERMINED:
        unsettled = [one.step for one in applied if one.step.result is Truth.UNKNOWN]
        wanted = {reason.fact for step in unsettled for reason in step.reasons if reason.result is Truth.UNKNOWN}
        if facts.depicts_child is DepictsChild.AGE_NOT_CLEAR:
            wanted.add("depicts_child")
        if facts.content_kind == "not_determined":
            wanted.add("content_kind")
    if kind in PHOTOGRAPHIC:
        asked = {"ai_involvement", "severity"}
        wanted = {name for name in asked if getattr(facts, name) == "not_determined"}
    return tuple(name for name in FACTS if name in wanted)


def _notes(kind: OutcomeKind, facts: Facts, applied: tuple[_Held, ...], *, verified: bool) -> tuple[str, ...]:
    notes = [one.rule.note for one in applied if one.rule.yields is Yields.GAP and one.step.result is Truth.TRUE]
    if kind is OutcomeKind.PHOTOGRAPH_OR_PSEUDO:
        notes.append(_NOTE_WHICH)
    if kind is OutcomeKind.NOT_DETERMINED and facts.depicts_child is DepictsChild.AGE_NOT_CLEAR:
        notes.append(_NOTE_AGE)
    if kind is OutcomeKind.NOT_DETERMINED and not _covered(facts, applied):
        notes.append(_NOTE_COVER)
    if not verified:
        notes.append(_NOTE_UNVERIFIED)
    return tuple(notes)
