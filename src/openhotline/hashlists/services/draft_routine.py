"""The first of two people asks that a list be released by the clock for a while."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.errors import Misconfigured
from openhotline.hashlists.models import Routine
from openhotline.hashlists.policies import check_keeps_lists, check_routine
from openhotline.hashlists.states import SealedKind


def draft_routine(*, kind: SealedKind, most_new: int, until: datetime, actor: Person, now: datetime) -> Routine:
    """Write down what is to go out by the clock, and ask for the second signature on exactly that.

    Raises NotAllowed, NotNow, Misconfigured.
    """
    check_keeps_lists(actor)
    check_routine(most_new, until, now)
    if kind == SealedKind.ADDRESSES and not settings.CANARY_SITES:
        raise Misconfigured(
            "Without sites of your own for made-up addresses a list that leaks would not say whose it was. "
            "Set OPENHOTLINE_CANARY_SITES."
        )
    with transaction.atomic():
        row = Routine.objects.create(kind=SealedKind(kind), most_new=most_new, until=until, drafted_at=now)
        digest = row.manifest_sha256()
        ask_approval(purpose=Purpose.ROUTINE, subject=row.public_id, manifest_sha256=digest, actor=actor, now=now)
        detail = {"manifest": digest, "kind": str(row.kind)}
        record(actor=actor.public_id, action="routine_drafted", subject=row.public_id, now=now, detail={**detail})
    return row
