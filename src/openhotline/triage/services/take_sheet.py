"""A person takes a sorting sheet: the stacks that come first, as small blurred tiles."""

from collections import defaultdict
from datetime import datetime
from random import SystemRandom

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_assess
from openhotline.audit.services.record import record
from openhotline.core.one_at_a_time import one_at_a_time
from openhotline.triage.models import SheetTile, SortingSheet, Stack, StackMember
from openhotline.triage.queries.rules import rules
from openhotline.triage.queries.second_looks import looks_for
from openhotline.triage.states import SelectionState, SheetState

TILES = 60
_DICE = SystemRandom()


def take_sheet(*, actor: Person, now: datetime, tiles: int = TILES) -> SortingSheet | None:
    """Return the sheet this person has open, or a new one of the highest waiting stacks; None when nothing waits.

    A stack lies on one open sheet at a time. Members suspected of being altered real pictures get tiles of their own.
    Among the tiles lie a few that somebody else, or a rule, had sorted before: their second look, blind.
    """
    check_can_assess(actor, now)
    with transaction.atomic():
        # Two who wait for the same stacks would find them taken, and nothing else; one who clicks twice, two sheets.
        one_at_a_time("take a sheet")
        mine = SortingSheet.objects.filter(person=actor.public_id, state=SheetState.TAKEN).first()
        if mine is not None:
            return mine
        waiting = Stack.objects.filter(waiting=True).order_by("-points", "pk")
        stacks = list(waiting[:tiles])
        if not stacks:
            return None
        sheet = SortingSheet.objects.create(state=SheetState.TAKEN, person=actor.public_id, made_at=now, taken_at=now)
        SheetTile.objects.bulk_create(
            SheetTile(sheet=sheet, stack_id=stack, item_id=item, position=position, second_look=again)
            for position, (stack, item, again) in enumerate(_mixed(_shown(stacks), _again(actor)))
        )
        Stack.objects.filter(pk__in=[stack.pk for stack in stacks]).update(waiting=False)
        record(
            actor=actor.public_id,
            action="sheet_taken",
            subject=sheet.public_id,
            ids=[stack.public_id for stack in stacks],
            now=now,
        )
    return sheet


def _again(actor: Person) -> list[tuple[int, int]]:
    """Return (stack, item) of what this person looks at as the second."""
    looks = looks_for(actor.public_id, rules().second_looks_a_sheet)
    return [(look.item.stacked.stack_id, look.item_id) for look in looks]


def _mixed(shown: list[tuple[int, int]], again: list[tuple[int, int]]) -> list[tuple[int, int, bool]]:
    """Put second looks at random places among the others, so that their place does not give them away."""
    mixed = [(stack, item, False) for stack, item in shown]
    here = {item for _, item in shown}
    for stack, item in again:
        if item not in here:
            mixed.insert(_DICE.randint(0, len(mixed)), (stack, item, True))
    return mixed


def _shown(stacks: list[Stack]) -> list[tuple[int, int]]:
    """Return (stack, item) of each tile: the first unsorted member stands for all that are not apart."""
    members: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    rows = StackMember.objects.filter(stack__in=stacks, item__selection__state=SelectionState.UNSORTED)
    for stack, item, apart in rows.order_by("pk").values_list("stack_id", "item_id", "apart"):
        members[stack].append((item, apart))
    shown = []
    for one in stacks:
        together = [item for item, apart in members[one.pk] if not apart]
        alone = [item for item, apart in members[one.pk] if apart]
        shown += [(one.pk, item) for item in [*together[:1], *alone]]
    return shown
