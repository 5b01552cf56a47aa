"""Rules of triage as pure functions over data. No machine rule says what a picture shows."""

from collections.abc import Sequence
from dataclasses import replace

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission
from openhotline.core.errors import NotAllowed
from openhotline.hashlists.states import Verdict
from openhotline.triage.errors import ReasonRefused
from openhotline.triage.models import Rules, Seen
from openhotline.triage.states import REASON_SENTENCES, SHEET_REASONS, Reason, SelectionState


def machine_selection(seen: Seen, rules: Rules) -> tuple[SelectionState, Reason | None]:
    """Return what the machine may say, in this order; everything else waits for a person at the sorting sheet.

    What is known is selected before any rule is asked, and a file that could not be opened is set aside only where a
    harmless list knows it, whatever the rules say: they are an operator's to change, and these two are not.
    """
    if seen.known:
        return SelectionState.SELECTED, Reason.KNOWN_MATCH
    for rule in rules.select:
        if rule.holds(seen):
            return SelectionState.SELECTED, rule.reason
    unlisted = replace(seen, verdicts=seen.verdicts - {Verdict.HARMLESS})
    for rule in rules.set_aside:
        # By what it asks for, not by its name: an operator may have called another rule after the list.
        by_list = not rule.holds(unlisted)
        if rule.holds(seen) and (by_list or not seen.unseen):
            return SelectionState.SET_ASIDE, rule.reason
    return SelectionState.UNSORTED, None


def priority(seen: Seen, rules: Rules) -> list[tuple[str, int]]:
    """Return the reasons that hold, with their points: a possibly real child comes before what is known."""
    return [(rule.code, rule.points) for rule in rules.priority if rule.holds(seen)]


def points_of(reasons: Sequence[tuple[str, int]]) -> int:
    """Return the sum of the points."""
    return sum(points for _, points in reasons)


def sentences(reasons: Sequence[Sequence[object]], rules: Rules) -> list[str]:
    """Return reasons in words, for the page, what weighs most first."""
    known = {rule.code: rule.sentence for rule in rules.priority}
    pairs = sorted(((str(code), int(str(points))) for code, points in reasons), key=lambda one: -abs(one[1]))
    return [f"{known.get(code, code)} ({points:+d})" for code, points in pairs]


def why(reason: str, by: str) -> str:
    """Return why an item was selected or set aside, and who said so, in words; nothing of who a person is."""
    if not reason:
        return "It waits for a person at a sorting sheet."
    who = "A rule" if by.startswith("rule:") else "It follows what a person did with one alike" if ":" in by else ""
    return " ".join(part for part in (REASON_SENTENCES[Reason(reason)], who and f"{who}.") if part)


def sheet_reason(word: str) -> Reason:
    """Return a reason that a person may give at a sorting sheet; the first for none. Raises ReasonRefused."""
    if not word:
        return next(iter(SHEET_REASONS))
    if word not in SHEET_REASONS:
        raise ReasonRefused(f"{word!r} is no reason at a sorting sheet. There are: {', '.join(SHEET_REASONS)}.")
    return Reason(word)


def check_decides_held(person: Person) -> None:
    """Raise NotAllowed unless the person's role decides on entries that are held as a flood."""
    if not person.may(Permission.HANDLE_LISTS):
        raise NotAllowed(
            f"A {person.role_name.lower()} does not decide on held entries; a list manager, senior analyst or manager "
            "does."
        )
