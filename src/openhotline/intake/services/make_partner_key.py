"""A partner is given a key for the API."""

import base64
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import door_lookup
from openhotline.core.errors import NotNow
from openhotline.intake.models import Partner, PartnerKey
from openhotline.intake.states import Scope

MARK = "ohk_"
LONGEST = timedelta(days=730)


def make_partner_key(
    *, partner: Partner, scopes: Collection[Scope], expires_at: datetime, actor: str, now: datetime
) -> tuple[PartnerKey, str]:
    """Return a new key and its text: 256 bits of chance, told this once. The database keeps a keyed hash.

    Raises NotNow for a partner that has ended, no scope, or an end that is past or more than two years ahead.
    """
    check_key(partner, scopes, expires_at, now)
    text = MARK + base64.b32encode(secrets.token_bytes(32)).decode().rstrip("=").lower()
    with transaction.atomic():
        key = PartnerKey.objects.create(
            partner=partner,
            lookup=door_lookup("partner key", text),
            scopes=sorted(scopes),
            made_at=now,
            expires_at=expires_at,
        )
        record(
            actor=actor,
            action="partner_key_made",
            subject=key.public_id,
            now=now,
            detail={"at": expires_at.isoformat(), "to": partner.public_id},
        )
    return key, text


def check_key(partner: Partner, scopes: Collection[Scope], expires_at: datetime, now: datetime) -> None:
    """Raise NotNow for a key that is not made: as ``make_partner_key`` says."""
    if partner.ended_at is not None:
        raise NotNow(f"{partner.name} has ended as a partner. Add it again under another name.")
    if not scopes:
        raise NotNow(f"A key that may do nothing is no use. Give it a scope: {', '.join(Scope)}.")
    if not now < expires_at <= now + LONGEST:
        raise NotNow("A key ends some day: give it an end that lies ahead, at most two years.")
