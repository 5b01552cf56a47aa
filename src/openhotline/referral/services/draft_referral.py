"""Step 9: the first of two people draws up a referral to the police."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import Purpose
from openhotline.assessment.models import Decision
from openhotline.audit.services.record import record
from openhotline.core.ids import public_id
from openhotline.law.states import Answer
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import Partner, Referral, ReferredItem, partner
from openhotline.referral.models.documents import CYBERTIPLINE, documents_of
from openhotline.referral.models.package import FORMAT
from openhotline.referral.policies import check_can_draft, check_manifest, check_size, lapsed
from openhotline.referral.queries import evidence_of, referable, referred, told_of
from openhotline.referral.states import ReferralState

FIRST = "first"


def draft_referral(*, item_ids: Sequence[int], actor: Person, now: datetime) -> Referral:
    """Draw up a referral of 1 to 5,000 items and ask a second person to approve exactly its manifest.

    An item is referred once; those in another referral are left out. A draft that was not built within a day lapses
    and gives its items back. Raises NotAllowed, NotReferable (an item that `for_police` does not have, or none left)
    and Misconfigured (no partner).
    """
    check_can_draft(actor)
    check_size(len(set(item_ids)))
    receiver = partner(now)
    _free(sorted(set(item_ids)), actor, now)
    fresh = sorted(set(item_ids) - set(referred(item_ids)))
    decisions = referable(fresh)
    if not fresh or len(decisions) < len(fresh):
        raise NotReferable(
            f"{len(fresh) - len(decisions)} of {len(fresh)} items have no published decision with a criminal outcome. "
            "Of what could not be opened here, one that is not determined is enough."
            if fresh
            else "All of these items are in a referral already."
        )
    name = public_id("ref")
    told = _manifest(name, receiver, decisions, now)
    manifest = json.dumps(told, sort_keys=True, indent=1)
    check_manifest(manifest)
    digest = sha256(manifest.encode()).hexdigest()
    with transaction.atomic():
        referral = Referral.objects.create(
            public_id=name,
            partner=receiver.name,
            recipient=receiver.key,
            manifest=manifest,
            manifest_sha256=digest,
            first=told["priority"] == FIRST,
            practice=settings.PRACTICE,
            drafted_at=now,
        )
        ReferredItem.objects.bulk_create([ReferredItem(referral=referral, item_id=item) for item in fresh])
        ask_approval(purpose=Purpose.REFERRAL, subject=name, manifest_sha256=digest, actor=actor, now=now)
        record(
            actor=actor.public_id,
            action="referral_drafted",
            subject=name,
            now=now,
            detail={"items": len(fresh), "manifest": digest},
        )
    return referral


def _manifest(name: str, receiver: Partner, decisions: dict[int, Decision], now: datetime) -> dict[str, Any]:
    items = told_of(decisions)
    head = {
        "format": FORMAT,
        "heading": "PRACTICE - NOT FINDINGS" if settings.PRACTICE else "Referral",
        "practice": settings.PRACTICE,
        "referral": name,
        "from": settings.HOTLINE["name"],
        "to": receiver.name,
        "drafted_at": now.isoformat(),
        "reading": "not_determined and not_examined say that nobody knows; they never mean no.",
        "count": len(items),
        "priority": FIRST if any(one["priority"]["first"] == Answer.YES for one in items) else "not_determined",
        "also": [CYBERTIPLINE] if settings.CYBERTIPLINE else [],
    }
    documents = documents_of(head, lambda: items, lambda: evidence_of(list(decisions)))
    return head | {"documents": {one.name: one.told() for one in documents}, "items": items}


def _free(item_ids: list[int], actor: Person, now: datetime) -> None:
    """Let drafts lapse that hold these items and can never be built any more."""
    with transaction.atomic():
        drafts = Referral.objects.filter(state=ReferralState.DRAFTED, items__item__in=item_ids).distinct()
        for draft in drafts:
            if lapsed(approval_of(Purpose.REFERRAL, draft.public_id), now):
                draft.items.all().delete()
                Referral.objects.filter(pk=draft.pk).update(state=ReferralState.LAPSED)
                record(actor=actor.public_id, action="referral_lapsed", subject=draft.public_id, now=now)
