"""Rules of triage as data and pure functions. No machine rule says what a picture shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openhotline.hashlists.states import Verdict
from openhotline.triage.states import Reason, SelectionState

SMALLEST_SIDE = 80


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the machine rules may look at. ``gave_up``: the sandbox stopped the examination, so nothing is known."""

    readable: bool
    gave_up: bool
    shortest_side: int
    verdicts: frozenset[str]
    real_basis: str
    suspects_altered_real: bool
    urgent: bool


def machine_selection(seen: Seen) -> tuple[SelectionState, Reason | None]:
    """Return what the machine may say, in this order; everything else waits for a person at the sorting sheet."""
    if Verdict.KNOWN in seen.verdicts:
        return SelectionState.SELECTED, Reason.KNOWN_MATCH
    if seen.gave_up:
        return SelectionState.UNSORTED, None
    if not seen.readable:
        return SelectionState.SET_ASIDE, Reason.UNREADABLE
    if Verdict.HARMLESS in seen.verdicts:
        return SelectionState.SET_ASIDE, Reason.KNOWN_HARMLESS
    if seen.shortest_side < SMALLEST_SIDE:
        return SelectionState.SET_ASIDE, Reason.TOO_SMALL
    return SelectionState.UNSORTED, None


@dataclass(frozen=True)
class PriorityRule:
    """Points for a reason, with the sentence that the why-this-first panel shows."""

    code: str
    points: int
    sentence: str
    holds: Callable[[Seen], bool]


PRIORITY = (
    PriorityRule("danger_now", 100, "The report speaks of danger now.", lambda seen: seen.urgent),
    PriorityRule(
        "altered_real", 60, "The file suggests that a real picture lies underneath.", lambda s: s.suspects_altered_real
    ),
    PriorityRule(
        "camera", 40, "The file carries marks of a camera.", lambda s: s.real_basis in {"indicated", "asserted_signed"}
    ),
    PriorityRule(
        "possibly_real", 20, "Nothing says that no real child is involved.", lambda s: s.readable or s.gave_up
    ),
    PriorityRule("known", -30, "The exact file is on a list of known files.", lambda s: Verdict.KNOWN in s.verdicts),
)


def priority(seen: Seen) -> list[tuple[str, int]]:
    """Return the reasons that hold, with their points: a possibly real child comes before what is known."""
    return [(rule.code, rule.points) for rule in PRIORITY if rule.holds(seen)]


def sentences(reasons: Sequence[Sequence[object]]) -> list[str]:
    """Return reasons in words, for the page."""
    known = {rule.code: rule.sentence for rule in PRIORITY}
    return [f"{known.get(str(code), str(code))} ({points:+d})" for code, points in reasons]
