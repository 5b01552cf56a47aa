"""The law as text: an outcome with its trace, what is law on a day, what changed, and the page of docs/reference."""

from collections.abc import Iterable
from datetime import date

from openhotline.law.models import Began, Outcome, Rule, RuleBook, RuleChange, TraceStep, turning_days
from openhotline.law.models.condition import in_words
from openhotline.law.states import Truth

_CRIMINAL = {True: "yes", False: "no", None: "not determined"}
_FIRED = {Truth.TRUE: "fired", Truth.FALSE: "did not fire", Truth.UNKNOWN: "open"}


def explained(outcome: Outcome) -> str:
    """One outcome with every rule held against the facts: which fired, which did not, and why."""
    category = outcome.category or "-"
    lines = [
        f"{outcome.jurisdiction} on {outcome.as_of}: {outcome.kind}",
        f"  criminal: {_CRIMINAL[outcome.criminal]}   category: {category}   rules: {outcome.law_version}",
        *(f"  under {provision}" for provision in outcome.provisions),
        *(f"  note: {note}" for note in outcome.notes),
    ]
    if outcome.missing:
        lines.append(f"  open facts that would help: {', '.join(outcome.missing)}")
    for step in outcome.trace:
        lines += _step(step)
    return "\n".join(lines)


def in_force(book: RuleBook, jurisdiction: str, on: date) -> str:
    """What a place's law is on a day: the rules that decide, then those that do not, with the reason."""
    lines = [f"{book.places[jurisdiction].name} ({jurisdiction}) on {on}, rules {book.version}"]
    law = [rule for rule in book.of(jurisdiction) if rule.why_not_in_force(on) is None]
    lines += [f"  decides: {_rule_line(rule)}" for rule in law] or ["  Nothing decides."]
    for rule in book.of(jurisdiction):
        if (why := rule.why_not_in_force(on)) is not None:
            lines.append(f"  does not: {_rule_line(rule)}. {why}")
    return "\n".join(lines)


def change_lines(changes: Iterable[RuleChange]) -> list[str]:
    """A line for each rule that differs between two sets of rules."""
    return [_change_line(change) for change in changes]


def began_lines(changes: Iterable[Began]) -> list[str]:
    """A line for each rule that began or ceased to be law between two days."""
    return [
        f"{one.rule.jurisdiction}: {one.rule.citation} [{one.rule.id}] "
        + (f"is law, since {one.rule.valid_from}" if one.began else f"is not law any more, since {one.rule.valid_to}")
        for one in changes
    ]


def reference(book: RuleBook) -> str:
    """What the shipped law says, place by place and period by period, as Markdown; it depends on no clock."""
    head = (
        "# The law as shipped\n\nEach place with the days on which its law reads differently, and every rule. What is "
        "*unverified* or *enacted, not commenced* decides nothing. `openhotline law show --on DATE` prints the law of "
        "one day, `openhotline law explain` what it says of recorded facts.\n"
    )
    parts = [head]
    for code in book.jurisdictions:
        parts += [f"\n## {book.places[code].name} (`{code}`)\n\n", *_periods(book, code), *_rules(book, code)]
    return "".join(parts)


def _step(step: TraceStep) -> list[str]:
    said = _FIRED[step.result] if step.applied else f"not applied ({_FIRED[step.result]})"
    why = [str(reason) for reason in step.reasons]
    return [f"  {step.provision} [{step.rule_id}]: {said}", f"    {step.standing}", *(f"    {line}" for line in why)]


def _rule_line(rule: Rule) -> str:
    return f"{rule.citation} [{rule.id}] → {rule.yields}"


def _change_line(change: RuleChange) -> str:
    said = f"{change.jurisdiction}: {change.citation} [{change.rule_id}] {change.what}"
    said += "".join(f"; {name}: {before or 'empty'} → {after or 'empty'}" for name, before, after in change.fields)
    return said if change.decides else f"{said} (decides nothing)"


def _periods(book: RuleBook, code: str) -> list[str]:
    days = turning_days(book, code)
    if not days:
        return ["No rule decides here: every outcome is *not determined*.\n\n"]
    out = [f"Before {days[0]} no rule decides. Days begin at midnight in {book.places[code].zone.key}.\n\n"]
    for day in days:
        law = [rule for rule in book.of(code) if rule.why_not_in_force(day) is None]
        cited = "; ".join(f"{rule.citation} ({rule.yields})" for rule in law) or "nothing"
        began = [rule.id for rule in law if rule.valid_from == day]
        new = ", ".join(f"`{name}`" for name in began) or "nothing; something ended"
        out.append(f"- **From {day}**: {cited}. New: {new}.\n")
    return [*out, "\n"]


def _rules(book: RuleBook, code: str) -> list[str]:
    out = ["| rule | status | law | asks | read |\n| --- | --- | --- | --- | --- |\n"]
    for rule in book.of(code):
        law = f"{rule.valid_from or '?'} to {rule.valid_to or 'now'}" if rule.can_decide else "never"
        read = str(rule.verified_on or "nobody")
        cited = f"`{rule.id}`<br>{rule.citation} → {rule.yields}<br>{_source(rule.source)}"
        out.append(f"| {cited} | {rule.commencement_status} | {law} | {in_words(rule.conditions)} | {read} |\n")
    return out


def _source(source: str) -> str:
    return f"<{source}>" if source.startswith("https://") else source
