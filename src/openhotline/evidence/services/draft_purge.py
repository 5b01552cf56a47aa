"""One person drafts a purge: exactly which items, and why."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotNow
from openhotline.evidence.models import Item, Purge
from openhotline.evidence.policies import check_keeps_evidence, check_may_go
from openhotline.evidence.states import MOST_PURGED, PurgeReason


def draft_purge(*, names: Sequence[str], reason: PurgeReason, actor: Person, now: datetime) -> Purge:
    """Write down the items (outside ids, at most 10,000) and ask for an approval of exactly these.

    Nothing is purged yet. Raises NotAllowed; Missing when an item is unknown; NotNow when one was purged already or
    must be kept.
    """
    check_keeps_evidence(actor)
    wanted = sorted(set(names))
    if not 0 < len(wanted) <= MOST_PURGED:
        raise NotNow(f"{len(wanted):,} items cannot be purged at once; 1 to {MOST_PURGED:,} can. Draft several.")
    check_may_go(wanted, now)
    with transaction.atomic():
        purge = Purge(reason=reason, drafted_at=now)
        purge.manifest = {"purge": purge.public_id, "reason": reason, "items": _items(wanted)}
        purge.save()
        digest = purge.manifest_sha256
        ask_approval(purpose=Purpose.PURGE, subject=purge.public_id, manifest_sha256=digest, actor=actor, now=now)
        record(
            actor=actor.public_id, action="purge_drafted", subject=purge.public_id, now=now, ids=wanted,
            detail={"reason": reason, "items": len(wanted)},
        )  # fmt: skip
    return purge


def _items(names: Sequence[str]) -> list[dict[str, str | int]]:
    columns = ("public_id", "case", "bytes", "tombstone")
    rows = {row[0]: row for row in Item.objects.filter(public_id__in=names).values_list(*columns)}
    for name in names:
        if name not in rows:
            raise Missing(f"There is no item {name[:40]!r}. Nothing was drafted.")
        if rows[name][3] is not None:
            raise NotNow(f"{name} was purged already. Leave it out and draft again.")
    return [{"item": name, "case": rows[name][1], "bytes": rows[name][2]} for name in names]
