"""An entry leaves the list; the next release carries its tombstone."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.core.events import publish
from openhotline.hashlists.events import EntriesWithdrawn
from openhotline.hashlists.models import Entry
from openhotline.hashlists.policies import check_keeps_lists
from openhotline.hashlists.states import DisputeState, EntryState, WithdrawalReason


def withdraw_entry(*, entry: str, reason: WithdrawalReason, actor: Person, now: datetime) -> Entry:
    """Withdraw the entry of this outside id. Matches against it stop at once. Twice is once.

    Raises NotAllowed or Missing.
    """
    check_keeps_lists(actor)
    with transaction.atomic():
        row = Entry.objects.select_for_update().filter(public_id=entry).first()
        if row is None:
            raise Missing(f"There is no entry {entry}. Check its id.")
        if row.state == EntryState.ACTIVE:
            row.state = EntryState.WITHDRAWN
            row.withdrawn_at = now
            row.save(update_fields=["state", "withdrawn_at"])
            # What was in question is settled with it.
            row.disputes.filter(state=DisputeState.OPEN).update(
                state=DisputeState.WITHDRAWN, settled_at=now, settled_by=actor.public_id
            )
            detail = {"reason": str(WithdrawalReason(reason))}
            record(actor=actor.public_id, action="entry_withdrawn", subject=entry, now=now, detail={**detail})
            publish(EntriesWithdrawn(ids=(row.pk,)), now=now)
    return row
