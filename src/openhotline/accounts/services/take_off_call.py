"""Somebody is taken off the rota."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import OnCall, Person
from openhotline.accounts.policies import check_keeps_rota
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow


def take_off_call(*, on_call: str, actor: Person, now: datetime) -> OnCall:
    """End a turn of the rota (by outside id); the row stays. Raises NotAllowed and NotNow."""
    check_keeps_rota(actor)
    with transaction.atomic():
        row = OnCall.objects.select_for_update(of=("self",)).filter(public_id=on_call, ended_at=None).first()
        if row is None:
            raise NotNow("This turn is off the rota already. Load the page again.")
        row.ended_at, row.mail = now, None
        row.save(update_fields=["ended_at", "mail"])
        record(actor=actor.public_id, action="taken_off_call", subject=row.person.public_id, now=now)
    return row
