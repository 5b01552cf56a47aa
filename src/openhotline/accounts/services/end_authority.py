"""The authority the hotline fetches under is withdrawn: nothing is fetched until another is recorded."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Authority
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.core.one_at_a_time import one_at_a_time


def end_authority(*, actor: str, now: datetime) -> Authority:
    """End the recorded authority for good and return it. Raises Missing when none is left to be ended.

    From then on no connection is begun under it; one that is open comes to its end.
    """
    with transaction.atomic():
        one_at_a_time("authority")
        authority = Authority.objects.filter(ended_at=None).first()
        if authority is None:
            raise Missing("No recorded authority is left to be ended: nothing is fetched already.")
        authority.ended_at = now
        authority.save(update_fields=["ended_at"])
        record(actor=actor, action="authority_ended", subject=authority.public_id, now=now)
    return authority
