"""A referral that went out is withdrawn, as what it says is no longer so."""

import json
import shutil
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decided
from openhotline.audit.services.record import record
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import Referral, partner, write_package
from openhotline.referral.policies import check_can_refer
from openhotline.referral.queries import partner_folder, told_of, withdrawal_path
from openhotline.referral.states import ReferralState, WithdrawnBecause

FORMAT = "openhotline-withdrawal/1"
OUT = frozenset({ReferralState.BUILT, ReferralState.HANDED_OVER, ReferralState.RECEIVED})


def withdraw_referral(*, referral_id: int, because: WithdrawnBecause, actor: Person, now: datetime) -> Referral:
    """Withdraw a referral: a sealed file tells the partner, with what is recorded of each item now. It carries no file.

    It lies beside the package, and in practice in the partner's letter box. Its items are not referred again by
    themselves. Withdrawn twice is once. Raises NotAllowed, NotReferable (it never went out) and Misconfigured.
    """
    check_can_refer(actor)
    receiver = partner(now)
    with transaction.atomic():
        referral = Referral.objects.select_for_update().get(pk=referral_id)
        if referral.state == ReferralState.WITHDRAWN:
            return referral
        if referral.state not in OUT:
            raise NotReferable("This referral never went out: let its draft lapse instead of withdrawing it.")
        path = withdrawal_path(referral.public_id)
        text = json.dumps(_withdrawal(referral, because, now), sort_keys=True, indent=1).encode()
        digest = write_package(path, text, (), recipient=receiver.key, at=int(now.timestamp()))
        handed = referral.state != ReferralState.BUILT
        referral.state, referral.withdrawn_at, referral.withdrawn_because = ReferralState.WITHDRAWN, now, because
        referral.save(update_fields=["state", "withdrawn_at", "withdrawn_because"])
        detail = {"package": digest, "reason": str(because)}
        record(
            actor=actor.public_id,
            action="referral_withdrawn",
            subject=referral.public_id,
            now=now,
            detail={**detail},
        )
    if handed and settings.PRACTICE:
        partner_folder().mkdir(mode=0o700, exist_ok=True)
        shutil.copy2(path, partner_folder())
    return referral


def _withdrawal(referral: Referral, because: WithdrawnBecause, now: datetime) -> dict[str, object]:
    items = referral.items.values_list("item", flat=True)
    rows = Decided.objects.filter(item__in=items).select_related("decision")
    return {
        "format": FORMAT,
        "heading": "PRACTICE - NOT FINDINGS" if referral.practice else "Withdrawal of a referral",
        "practice": referral.practice,
        "referral": referral.public_id,
        "package_sha256": referral.package_sha256,
        "because": because,
        "withdrawn_at": now.isoformat(),
        "reading": "What stands here takes the place of what the package says. not_determined never means no.",
        "items": told_of({row.item_id: row.decision for row in rows}),
    }
