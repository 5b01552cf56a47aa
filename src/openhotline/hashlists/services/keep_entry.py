"""A person has looked at why an entry is in question, and keeps it on the list."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.hashlists.models import Dispute
from openhotline.hashlists.policies import check_keeps_lists
from openhotline.hashlists.states import DisputeState


def keep_entry(*, dispute: str, actor: Person, now: datetime) -> Dispute:
    """Settle the dispute of this outside id: its entry stays. Twice is once. Raises NotAllowed or Missing."""
    check_keeps_lists(actor)
    with transaction.atomic():
        row = Dispute.objects.select_for_update(of=("self",)).select_related("entry").filter(public_id=dispute).first()
        if row is None:
            raise Missing(f"There is no dispute {dispute}. Check its id.")
        if row.state == DisputeState.OPEN:
            row.state, row.settled_at, row.settled_by = DisputeState.KEPT, now, actor.public_id
            row.save(update_fields=["state", "settled_at", "settled_by"])
            detail = {"reason": row.reason}
            record(actor=actor.public_id, action="entry_kept", subject=row.entry.public_id, detail={**detail}, now=now)
    return row
