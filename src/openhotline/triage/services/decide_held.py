"""A person decides on an entry that is held as a flood."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.triage.errors import HeldDecided, HeldMissing
from openhotline.triage.events import HeldEntriesChanged
from openhotline.triage.models import HeldEntry
from openhotline.triage.policies import check_decides_held
from openhotline.triage.states import HELD_TRANSITIONS, HeldState


def decide_held(*, held: str, act: str, actor: Person, now: datetime) -> HeldEntry:
    """Release a held entry (``act`` release: its matches act again) or retire it (retire: they only show).

    What it matches is judged again in steps. Raises NotAllowed, HeldMissing or HeldDecided.
    """
    check_decides_held(actor)
    with transaction.atomic():
        row = HeldEntry.objects.select_for_update().filter(public_id=held).first()
        if row is None:
            raise HeldMissing("There is no such held entry.")
        to = HELD_TRANSITIONS[HeldState(row.state)].get(act)
        if to is None:
            raise HeldDecided(f"This entry is {row.state}; it cannot be decided so. Load the page again.")
        row.state, row.decided_at, row.decided_by = to, now, actor.public_id
        row.save(update_fields=["state", "decided_at", "decided_by"])
        record(
            actor=actor.public_id, action="held_entry_decided", subject=row.public_id, detail={"to": str(to)}, now=now
        )
        publish(HeldEntriesChanged(ids=(row.pk,)), now=now)
    return row
