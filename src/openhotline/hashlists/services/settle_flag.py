"""A person has looked at queries of a member that resembled each other."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.hashlists.models import QueryFlag
from openhotline.hashlists.policies import check_keeps_lists


def settle_flag(*, flag: str, actor: Person, now: datetime) -> QueryFlag:
    """Note who looked at this flag (by outside id), and when. Twice is once. Raises NotAllowed or Missing."""
    check_keeps_lists(actor)
    with transaction.atomic():
        row = QueryFlag.objects.select_for_update().filter(public_id=flag).first()
        if row is None:
            raise Missing(f"There is no flag {flag!r}. `openhotline member flags` names them.")
        if row.seen_at is None:
            row.seen_by, row.seen_at = actor.public_id, now
            row.save(update_fields=["seen_by", "seen_at"])
            record(actor=actor.public_id, action="flag_settled", subject=row.public_id, now=now)
    return row
