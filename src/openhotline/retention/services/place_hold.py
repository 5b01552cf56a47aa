"""Something must be kept, whatever the table says."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.retention.models import Hold
from openhotline.retention.policies import check_not_gone, settle_holds
from openhotline.retention.states import HELD, HoldCause


def place_hold(*, subject: str, cause: HoldCause, reference: str, until: datetime, actor: str, now: datetime) -> Hold:
    """Place a legal hold on a report or an item and return it; a longer one of the same cause prolongs it.

    ``reference`` is kept encrypted and stands in no log. Raises NotNow with a sentence for what cannot be held, for
    an item that was purged, and for an end that has passed or is earlier than the one in force. What is held when this
    returns is destroyed by nobody until the hold ends: it waits for whoever is destroying something now.
    """
    if subject.partition("_")[0] not in HELD:
        raise NotNow(f"{subject!r} cannot be held: holds are placed on reports (rep_…) and items (itm_…).")
    if until <= now:
        raise NotNow("A hold needs an end that is still to come: give the day until which it must be kept.")
    with transaction.atomic():
        settle_holds()
        check_not_gone(subject)
        hold = Hold.objects.select_for_update().filter(subject=subject, cause=cause, lifted_at=None).first()
        if hold is not None and until < hold.until:
            raise NotNow(f"This hold lasts until {hold.until:%d %B %Y}; a shorter one is no hold. Lift it instead.")
        if hold is None:
            hold = Hold(subject=subject, cause=cause, placed_by=actor, placed_at=now)
        hold.until, hold.reference = until, reference
        hold.save()
        record(actor=actor, action="hold_placed", subject=subject, now=now, detail={"cause": cause})
    return hold
