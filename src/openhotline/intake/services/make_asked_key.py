"""A key that two people agreed on is made, and told once."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.core.errors import Missing, NotAllowed, NotNow
from openhotline.intake.models import AskedKey, PartnerKey
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.states import Scope


def make_asked_key(*, asked: str, actor: Person, now: datetime) -> tuple[PartnerKey, str]:
    """Return the key and its text, told this once to whoever asked for it: whoever approved it never has it.

    Raises Missing for an outside id of nothing; NotAllowed for somebody else; NotNow when it was made already;
    NotApproved unless another person agreed on exactly this.
    """
    with transaction.atomic():
        row = AskedKey.objects.select_for_update(of=("self",)).select_related("partner").filter(public_id=asked).first()
        if row is None:
            raise Missing("Nobody asked for such a key. Load the page again.")
        if row.key_id is not None:
            raise NotNow("This key was made already, and is not shown again. If nobody has it, revoke it and ask anew.")
        approval = approval_of(Purpose.PARTNER_KEY, row.public_id)
        if approval is not None and approval.asked_by != actor.public_id:
            raise NotAllowed("Whoever asked for a key makes it, so that whoever approved it never sees it.")
        use_approval(
            purpose=Purpose.PARTNER_KEY,
            subject=row.public_id,
            manifest_sha256=row.manifest_sha256,
            actor=actor,
            now=now,
        )
        key, text = make_partner_key(
            partner=row.partner,
            scopes=[Scope(one) for one in row.scopes],
            expires_at=row.ends(now),
            actor=actor.public_id,
            now=now,
        )
        row.key = key
        row.save(update_fields=["key"])
    return key, text
