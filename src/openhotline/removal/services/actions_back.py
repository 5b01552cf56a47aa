"""What we did with a handover goes back to the hotline that made it, sealed to its key."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotNow
from openhotline.removal.models import HandoverIn
from openhotline.removal.models.handover_file import OurShape, Shape, TakenAction, TakenActions, sealed
from openhotline.removal.policies import check_keeps_removals
from openhotline.removal.services.hand_abroad import hotline_of
from openhotline.removal.states import HandoverAction


def actions_back(
    *,
    handover: str,
    actor: Person,
    now: datetime,
    write: Callable[[bytes], object] = lambda _file: None,
    shape: Shape | None = None,
) -> bytes:
    """Seal all actions that were noted on a handover (``hin_…``) for the hotline that made it; return the file.

    They keep of each address what is newer than what they have, so that the same may be sent again. Raises NotAllowed,
    Missing, and NotNow while nothing was noted.
    """
    check_keeps_removals(actor)
    with transaction.atomic():
        row = HandoverIn.objects.filter(public_id=handover).first()
        if row is None:
            raise Missing(f"No handover {handover[:40]!r} came in. The desk lists them under Abroad.")
        said = tuple(
            TakenAction(one.reference, HandoverAction(one.action), one.reason, one.acted_at)
            for one in row.addresses.filter(acted_at__isnull=False).order_by("pk")
            if one.acted_at is not None
        )
        if not said:
            raise NotNow("Nothing was noted on this handover yet: note at the desk, under Abroad, what was done.")
        plain = (shape or OurShape()).write_actions(TakenActions(row.theirs, row.practice, said))
        file = sealed(plain, hotline_of(row.country).age_key)
        record(
            actor=actor.public_id,
            action="actions_sent_back",
            subject=row.public_id,
            now=now,
            detail={"addresses": len(said), "package": sha256(file).hexdigest()},
        )
        write(file)
    return file
