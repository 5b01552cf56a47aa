"""Write one line of the log, in the transaction of the change it speaks of."""

from collections.abc import Sequence
from datetime import datetime

from openhotline.audit.models import Record
from openhotline.audit.policies import check_closed
from openhotline.core.ids import digest_of, public_id


def record(
    *,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    ids: Sequence[int | str] = (),
    detail: dict[str, str | int | float | bool | None] | None = None,
) -> Record:
    """Append who did what. ``ids`` of a batch are kept as count and digest; ``detail`` holds closed values only.

    Raises NotClosed, and with it undoes the change, when something that could be an address, a name or free text was
    to be written: rows are for ever.
    """
    check_closed({"actor": actor, "action": action, "subject": subject, **(detail or {})})
    return Record.objects.create(
        uuid=public_id("aud"),
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        count=len(ids) or 1,
        digest=digest_of(ids or [subject]),
        detail=detail or {},
    )
