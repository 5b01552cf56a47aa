"""A second person signs what one sent at once."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.errors import NeedsTwoPeople
from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import UrgentReferral
from openhotline.referral.policies import check_can_second


def second_urgent(*, urgent_id: int, content_sha256: str, actor: Person, now: datetime) -> UrgentReferral:
    """Sign exactly the words that were sent. Late is better than never, and is recorded as late.

    Raises NotAllowed, NeedsTwoPeople (it is one's own) and NotReferable (these are not the words that were sent).
    Signed twice is signed once.
    """
    check_can_second(actor)
    with transaction.atomic():
        urgent = UrgentReferral.objects.select_for_update().get(pk=urgent_id)
        if urgent.second_at is not None:
            return urgent
        if urgent.sent_by == actor.public_id:
            raise NeedsTwoPeople("You sent this yourself: somebody else has to sign it.")
        if urgent.content_sha256 != content_sha256:
            raise NotReferable("What you read is not what was sent. Load the page again and read it once more.")
        urgent.second_by, urgent.second_at = actor.public_id, now
        urgent.save(update_fields=["second_by", "second_at"])
        detail = {"late": now > urgent.second_due_at}
        record(
            actor=actor.public_id,
            action="urgent_referral_seconded",
            subject=urgent.public_id,
            now=now,
            detail={**detail},
        )
    return urgent
