"""Put new items into stacks and parts. Part of triage_items, in its transaction and its audit record.

A stack holds what lies within 31 bits of its leader, the first that came; an item joins the nearest leader. A part is
what may share a decision: within 10 bits of the part's lead, equal in file evidence, and not suspected of being an
altered real picture. Both follow the order of arrival, so names never change when more items come.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import F

from openhotline.core.nearby import hash_of
from openhotline.evidence.models import Item
from openhotline.triage.models import Selection, Stack, StackMember
from openhotline.triage.queries.leaders import nearest
from openhotline.triage.states import LEAST_QUALITY, PART_RADIUS, SORTED_ASIDE, STACK_RADIUS, Reason, SelectionState

SORTED = {Reason.KEPT, Reason.SECOND_LOOK, *SORTED_ASIDE}


@dataclass(frozen=True)
class Placing:
    """A new item, whether it may be an altered real picture, and its selection, which may still follow its part's."""

    item: Item
    apart: bool
    selection: Selection


@dataclass(frozen=True)
class _Lead:
    item_id: int
    pdq: str | None
    evidence: tuple[str, str]
    apart: bool
    state: str
    reason: str


def place(placings: list[Placing], *, now: datetime) -> None:
    """Create the stacks and memberships of new items; unsorted ones follow a part a person has already sorted."""
    stacks = _stack_each(placings, now)
    leads = _leads([stack.pk for stack, _ in stacks.values() if stack.pk])
    members = []
    for placing in placings:
        stack, distance = stacks[placing.item.pk]
        members.append(_member(placing, stack, distance, leads[stack.leader_id]))
        _count(placing, stack)
    touched = {stack.leader_id: stack for stack, _ in stacks.values()}.values()
    Stack.objects.bulk_update([s for s in touched if s.pk], ["points", "reasons", "members", "waiting"])
    Stack.objects.bulk_create([s for s in touched if not s.pk])
    StackMember.objects.bulk_create(members)


def _stack_each(placings: list[Placing], now: datetime) -> dict[int, tuple[Stack, int]]:
    """Return item -> (stack, bits to its leader); stacks that are new are not yet saved."""
    hashed = [p for p in placings if p.item.pdq is not None and (p.item.quality or 0) >= LEAST_QUALITY]
    leaders = nearest(np.stack([hash_of(str(p.item.pdq)) for p in hashed])) if hashed else []
    joined = {p.item.pk: found for p, found in zip(hashed, leaders, strict=True) if found is not None}
    known = Stack.objects.in_bulk({stack for stack, _ in joined.values()})
    placed = {item: (known[stack], distance) for item, (stack, distance) in joined.items()}
    fresh = [p for p in placings if p.item.pk not in placed]
    followers = _followers([p for p in hashed if p.item.pk not in placed])
    made = {p.item.pk: Stack(leader=p.item, created_at=now) for p in fresh if p.item.pk not in followers}
    for placing in fresh:
        leader, distance = followers.get(placing.item.pk, (placing.item.pk, 0))
        placed[placing.item.pk] = (made[leader], distance)
    return placed


def _followers(placings: list[Placing]) -> dict[int, tuple[int, int]]:
    """Return item -> (leading item, bits) among new items: the nearest that came earlier and itself leads."""
    if not placings:
        return {}
    bits = np.unpackbits(np.stack([hash_of(str(p.item.pdq)) for p in placings]), axis=1).astype(np.float32)
    weights = bits.sum(axis=1)
    distances = weights[:, None] + weights[None, :] - 2 * (bits @ bits.T)
    leaders: list[int] = []
    found: dict[int, tuple[int, int]] = {}
    for n, placing in enumerate(placings):
        near = [(int(distances[n, leader]), leader) for leader in leaders if distances[n, leader] <= STACK_RADIUS]
        if near:
            distance, leader = min(near)
            found[placing.item.pk] = (placings[leader].item.pk, distance)
        else:
            leaders.append(n)
    return found


def _leads(stack_ids: list[int]) -> dict[int, list[_Lead]]:
    leads: dict[int, list[_Lead]] = defaultdict(list)
    rows = StackMember.objects.filter(stack_id__in=stack_ids, item_id=F("part_id")).order_by("pk")
    for stack, apart, item, pdq, ai, real, state, reason in rows.values_list(
        "stack__leader_id", "apart", "item_id", "item__pdq", "item__ai_involvement", "item__real_basis",
        "item__selection__state", "item__selection__reason",
    ):  # fmt: skip
        leads[stack].append(_Lead(item, pdq, (ai, real), apart, state, reason))
    return leads


def _member(placing: Placing, stack: Stack, distance: int, leads: list[_Lead]) -> StackMember:
    item, apart = placing.item, placing.apart
    evidence = (item.ai_involvement, item.real_basis)
    near = [
        (bits, lead.item_id, lead)
        for lead in leads
        if not apart and not lead.apart and lead.evidence == evidence
        for bits in [_bits(item.pdq, lead.pdq)]
        if bits <= PART_RADIUS
    ]
    selection = placing.selection
    if near:
        bits, part, lead = min(near, key=lambda one: one[:2])
        if selection.state == SelectionState.UNSORTED and lead.reason in SORTED:
            selection.state, selection.reason, selection.by = lead.state, lead.reason, f"part:{part}"
    else:
        bits, part = 0, item.pk
        leads.append(_Lead(part, item.pdq, evidence, apart, selection.state, selection.reason))
    return StackMember(stack=stack, item=item, part_id=part, distance=distance, part_distance=bits, apart=apart)


def _bits(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return STACK_RADIUS + 1
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _count(placing: Placing, stack: Stack) -> None:
    if not stack.reasons or placing.selection.points > stack.points:
        stack.points, stack.reasons = placing.selection.points, placing.selection.reasons
    stack.members += 1
    stack.waiting = stack.waiting or placing.selection.state == SelectionState.UNSORTED
