"""The first of two people asks for a key for a partner."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.intake.models import AskedKey, Partner
from openhotline.intake.policies import check_keeps_partners
from openhotline.intake.services.make_partner_key import check_key
from openhotline.intake.states import Scope


def ask_partner_key(
    *, partner: Partner, scopes: Collection[Scope], days: int, actor: Person, now: datetime
) -> AskedKey:
    """Write down which key is to be made and ask for its approval, which holds for 24 hours. Nothing is made yet.

    Raises NotAllowed; NotNow for a partner that has ended, no scope, or an end more than two years ahead.
    """
    check_keeps_partners(actor)
    asked = AskedKey(partner=partner, scopes=sorted(scopes), days=days, asked_at=now)
    check_key(partner, scopes, asked.ends(now), now)
    with transaction.atomic():
        asked.save()
        ask_approval(
            purpose=Purpose.PARTNER_KEY,
            subject=asked.public_id,
            manifest_sha256=asked.manifest_sha256,
            actor=actor,
            now=now,
        )
        record(
            actor=actor.public_id,
            action="partner_key_asked",
            subject=asked.public_id,
            now=now,
            detail={"to": partner.public_id, "manifest": asked.manifest_sha256},
        )
    return asked
