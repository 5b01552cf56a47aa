"""Somebody who follows a link gives the code that goes with it; too many wrong ones end the link."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Invitation
from openhotline.accounts.models.invitation import MOST_WRONG
from openhotline.accounts.services.join import open_invitation
from openhotline.audit.services.record import record


def try_code(*, token: str, code: str, actor: str = "invited", now: datetime) -> bool:
    """Return whether the code opens the link. Each wrong one is counted and recorded, the fifth ends the link.

    So whoever has the link alone, as who asked for it has, cannot try codes until one fits. Raises InvitationOver.
    """
    with transaction.atomic():
        # Locked, so that many at once are counted one by one.
        invitation = Invitation.objects.select_for_update().get(pk=open_invitation(token, now).pk)
        if invitation.ended_at is None and invitation.opens_with(code):
            return True
        invitation.wrong_codes += 1
        if invitation.wrong_codes >= MOST_WRONG:
            invitation.ended_at = invitation.ended_at or now
        invitation.save(update_fields=["wrong_codes", "ended_at"])
        subject = invitation.person.public_id
        record(actor=actor, action="invitation_code_refused", subject=subject, now=now)
    return False
