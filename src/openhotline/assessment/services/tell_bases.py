"""Entries that were listed before other places' law was kept with them are given it from what was decided."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.events import BasesDue
from openhotline.assessment.models import Decided
from openhotline.assessment.policies import check_can_rederive
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.hashlists.models import Entry
from openhotline.hashlists.states import EntryState

BATCH = 500


def tell_bases(*, actor: Person, now: datetime, after: int = 0, limit: int = BATCH) -> int | None:
    """Have the list told of the outcomes of its next ``limit`` entries (at most 500) that say none of other places.

    Returns the key of the entry to go on after; None: none was left. Twice changes nothing. Raises NotAllowed.
    """
    check_can_rederive(actor)
    waiting = Entry.objects.filter(pk__gt=after, elsewhere__isnull=True, state=EntryState.ACTIVE).order_by("pk")
    rows = list(waiting.values_list("pk", "item_id")[:limit])
    if not rows:
        return None
    covering = Decided.objects.filter(item_id__in=[item for _, item in rows]).select_related("decision")
    decisions = {one.decision_id: one.decision.public_id for one in covering}
    if decisions:
        with transaction.atomic():
            names = [decisions[key] for key in sorted(decisions)]
            record(actor=actor.public_id, action="bases_told", subject="decisions", ids=names, now=now)
            publish(BasesDue(ids=tuple(sorted(decisions))), now=now)
    return rows[-1][0]
