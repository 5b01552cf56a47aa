"""A stack as the desk tells it."""

from dataclasses import dataclass

from openhotline.desk.queries.shown import shared_frames_in
from openhotline.triage.errors import StackMissing
from openhotline.triage.models import Stack, StackMember
from openhotline.triage.policies import sentences, why
from openhotline.triage.queries import parts_of, rules
from openhotline.triage.queries.overview import Part
from openhotline.triage.states import PART_RADIUS, SelectionState

STATE_WORDS = {
    SelectionState.UNSORTED: ("For a sorting sheet", "waiting"),
    SelectionState.SELECTED: ("Selected", "now"),
    SelectionState.SET_ASIDE: ("Set aside", "done"),
}
AI_WORDS = {
    "none_found": "no mark of AI found",
    "claimed_unsigned": "an unsigned claim of AI",
    "indicated_statistically": "a statistical indication of AI",
    "watermark_decoded": "an AI watermark",
    "asserted_signed_untrusted": "signed as AI by an unknown signer",
    "asserted_signed_trusted": "signed as AI by a trusted signer",
}
REAL_WORDS = {
    "unknown": "nothing of a real picture",
    "indicated": "signs of a real picture",
    "asserted_signed": "signed as captured by a camera",
    "asserted_absent_signed": "the signer names no input picture",
}


@dataclass(frozen=True)
class ShownPart:
    """Rows of a table: item, distance, file evidence, where it stands, why."""

    heading: str
    rows: list[list[object]]


@dataclass(frozen=True)
class ShownStack:
    """A stack, why it comes where it does, its parts, and those of its members that are decided alone."""

    stack: Stack
    points: int
    reasons: list[str]
    together: list[ShownPart]
    apart: list[ShownPart]
    left_out: int
    shared_frames: list[tuple[str, str]]
    """Members that are videos, by name, with the entries that share frames with them."""


def shown_stack(public_id: str) -> ShownStack:
    """Return a stack in words. Raises StackMissing."""
    stack = Stack.objects.filter(public_id=public_id).first()
    if stack is None:
        raise StackMissing("There is no such stack.")
    parts = parts_of(stack)
    shown = sum(len(part.members) for part in parts)
    return ShownStack(
        stack=stack,
        points=stack.points,
        reasons=sentences(stack.reasons, rules()),
        together=[_part(part, number) for number, part in enumerate((p for p in parts if not p.apart), start=1)],
        apart=[_part(part, number) for number, part in enumerate((p for p in parts if p.apart), start=1)],
        left_out=stack.members - shown,
        shared_frames=[(name[:12], line) for name, line in shared_frames_in(stack)],
    )


def _part(part: Part, number: int) -> ShownPart:
    many = len(part.members)
    if part.apart:
        heading = f"Decided alone, {number}"
    elif many == 1:
        heading = f"Part {number}: one picture"
    else:
        heading = f"Part {number}: {many} pictures within {PART_RADIUS} bits; one decision can cover them"
    return ShownPart(heading, [_row(member) for member in part.members])


def _row(member: StackMember) -> list[object]:
    item, selection = member.item, getattr(member.item, "selection", None)
    words, tag = STATE_WORDS[SelectionState(selection.state)] if selection else ("Not triaged", "waiting")
    return [
        item.public_id[:12],
        member.distance,
        member.part_distance,
        f"{AI_WORDS.get(item.ai_involvement, 'not examined')}; {REAL_WORDS.get(item.real_basis, 'not examined')}",
        {"text": words, "tag": tag},
        why(selection.reason, selection.by) if selection else "",
    ]
