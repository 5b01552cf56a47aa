"""The hotline of another country says what it did with addresses that were handed to it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.removal.errors import HandoverRefused
from openhotline.removal.events import RemovalsOpened
from openhotline.removal.models import HandedOver, Handover, Removal, sentence
from openhotline.removal.models.handover_file import OurShape, Shape
from openhotline.removal.policies import check_keeps_removals
from openhotline.removal.states import GIVEN_BACK, HandoverAction, RemovalState


def take_actions(*, content: bytes, actor: Person, now: datetime, shape: Shape | None = None) -> int:
    """Keep the actions of a file, all or none; return how many were new.

    *Removed* brings our own next look forward and is not believed without it. What they give back is ours again: its
    host is asked for, and a person sees their reason. The same file once more changes nothing. Raises NotAllowed and
    HandoverRefused: another form, an unknown handover, or an address that was not in it.
    """
    check_keeps_removals(actor)
    taken = (shape or OurShape()).read(content)
    with transaction.atomic():
        handover = Handover.objects.select_for_update().filter(public_id=taken.handover).first()
        if handover is None:
            raise HandoverRefused("These are actions on a handover that we did not make. Nothing was kept.")
        if taken.practice != settings.PRACTICE:
            raise HandoverRefused("Practice and findings are never mixed. Nothing was kept.")
        rows = {
            row.removal.address.public_id: row
            for row in HandedOver.objects.select_for_update(of=("self",))
            .filter(handover=handover)
            .select_related("removal__address")
        }
        if any(one.reference not in rows for one in taken.actions):
            raise HandoverRefused("An address in this file was not in the handover that it names. Nothing was kept.")
        new, back = 0, list[int]()
        for one in taken.actions:
            row = rows[one.reference]
            if row.acted_at is not None and row.acted_at >= one.at:
                continue
            row.action, row.reason, row.acted_at = one.action, one.reason, one.at
            row.save(update_fields=["action", "reason", "acted_at"])
            new += 1
            back += _follow(row, one.action, one.reason, now)
        record(actor=actor.public_id, action="actions_taken", subject=handover.public_id, now=now, detail={"new": new})
        if back:
            publish(RemovalsOpened(ids=tuple(sorted(back))), now=now)
    return new


def _follow(row: HandedOver, action: HandoverAction, reason: str, now: datetime) -> list[int]:
    theirs = Removal.objects.filter(pk=row.removal_id, state=RemovalState.ABROAD)
    if action is HandoverAction.REMOVED:
        theirs.update(next_check_at=now)
    elif action in GIVEN_BACK:
        said = action.value.replace("_", " ")
        why = sentence(f"The hotline of its country gave it back ({said}). {reason}".strip())
        if theirs.update(state=RemovalState.OPENED, sentence=why, next_check_at=now):
            return [row.removal_id]
    return []
