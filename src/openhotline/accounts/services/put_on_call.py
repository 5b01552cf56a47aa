"""Somebody is put on call out of hours."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import OnCall, Person
from openhotline.accounts.policies import check_keeps_rota, check_on_call
from openhotline.audit.services.record import record


def put_on_call(
    *,
    person: Person,
    step: int,
    begins_at: datetime,
    ends_at: datetime,
    actor: Person,
    now: datetime,
    mail: str = "",
) -> OnCall:
    """Put a person on the rota: ``step`` 1 is tried first, then 2 and 3; ``mail`` is where a word goes, if anywhere.

    Raises NotAllowed, and NotNow for a time that is over, ends before it begins or lasts longer than a week, a step
    that is none, a person who does not work here, or a second turn of the same person at that time.
    """
    check_keeps_rota(actor)
    with transaction.atomic():
        overlapping = OnCall.objects.select_for_update().filter(
            person=person, ended_at=None, begins_at__lt=ends_at, ends_at__gt=begins_at
        )
        check_on_call(person, step, (begins_at, ends_at), taken=overlapping.exists(), now=now)
        row = OnCall.objects.create(person=person, step=step, begins_at=begins_at, ends_at=ends_at, mail=mail or None)
        # Nobody's address is kept longer than it is needed.
        OnCall.objects.filter(ends_at__lte=now).update(mail=None)
        record(actor=actor.public_id, action="put_on_call", subject=person.public_id, now=now)
    return row
