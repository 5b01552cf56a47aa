"""The partner said that it has a package, and gave its own reference."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import Referral
from openhotline.referral.policies import check_can_refer, checked_reference
from openhotline.referral.states import ReferralState


def note_receipt(*, referral_id: int, reference: str, actor: Person, now: datetime) -> Referral:
    """Keep that the partner received a package, with its reference, encrypted; given again, it replaces the old one.

    ``now`` is when the hotline learnt it, by its own clock. Raises NotAllowed, NotReferable (it was not handed over)
    and BadReference.
    """
    check_can_refer(actor)
    text = checked_reference(reference)
    with transaction.atomic():
        referral = Referral.objects.select_for_update().get(pk=referral_id)
        if referral.state not in {ReferralState.HANDED_OVER, ReferralState.RECEIVED}:
            raise NotReferable("Only a package that was handed over can have been received. Hand it over first.")
        again = referral.state == ReferralState.RECEIVED
        referral.state, referral.reference = ReferralState.RECEIVED, text
        referral.receipt_at = referral.receipt_at or now
        referral.save(update_fields=["state", "reference", "receipt_at"])
        action = "referral_reference_changed" if again else "referral_received"
        record(actor=actor.public_id, action=action, subject=referral.public_id, now=now)
    return referral
