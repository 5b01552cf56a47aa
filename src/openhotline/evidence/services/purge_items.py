"""An approved purge is carried out: keys destroyed, renditions and objects removed, a certificate signed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_may_carry_out
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core import blobs
from openhotline.core.datakeys import data_keys
from openhotline.core.keys import signer
from openhotline.evidence.models import Item, Purge, Rendition, Tombstone, canonical
from openhotline.evidence.policies import check_keeps_evidence, check_may_go
from openhotline.evidence.states import PurgeState
from openhotline.retention.policies import settle_holds

FORMAT = "openhotline-purge/1"
METHOD = "data keys destroyed; sealed renditions and objects removed"
BATCH = 500


def purge_items(*, purge_id: int, actor: Person, now: datetime) -> Purge:
    """Carry out an approved purge and return it with its certificate. Done twice is done once.

    First the tombstones are committed, with the renditions gone; then the data keys are destroyed, which is what
    nobody can take back; then the objects. An interruption leaves a purge that was begun; running it again brings
    it to its end without a new approval. Holds are asked for in the transaction that destroys, where none can be
    placed beside it: one that came in time leaves a purge begun, with its keys, until the hold ends.
    Raises NotAllowed, NotApproved, NotNow.
    """
    check_keeps_evidence(actor)
    check_may_carry_out(Purpose.PURGE, actor, now)
    purge = _begin(purge_id, actor.public_id, now)
    if purge.state != PurgeState.DONE:
        finish_purge(purge=purge, actor=actor.public_id, now=now, unless_held=True)
    return purge


def _begin(purge_id: int, actor: str, now: datetime) -> Purge:
    with transaction.atomic():
        settle_holds()
        purge = Purge.objects.select_for_update().get(pk=purge_id)
        if purge.state != PurgeState.DRAFTED:
            return purge
        _lock_items(purge.names)
        check_may_go(purge.names, now)
        use_approval(
            purpose=Purpose.PURGE, subject=purge.public_id, manifest_sha256=purge.manifest_sha256, actor=actor, now=now
        )
        gone = entomb(purge, now)
        purge.state = PurgeState.BEGUN
        purge.save(update_fields=["state"])
        record(
            actor=actor,
            action="purge_begun",
            subject=purge.public_id,
            now=now,
            ids=purge.names,
            detail={"items": len(gone), "manifest": purge.manifest_sha256},
        )
    return purge


def _lock_items(names: Sequence[str]) -> None:
    """Let nobody see these items somewhere new until this transaction ends: a held report may be what sees them."""
    for start in range(0, len(names), BATCH):
        items = Item.objects.select_for_update().filter(public_id__in=names[start : start + BATCH])
        list(items.order_by("pk").values_list("pk"))


def entomb(purge: Purge, now: datetime) -> list[str]:
    """Write the tombstones of a purge's items that are here, and remove what is sealed of them in the database.

    Call it inside a transaction. Returns the outside ids of the items concerned.
    """
    found: list[str] = []
    for start in range(0, len(purge.names), BATCH):
        items = Item.objects.select_for_update().filter(public_id__in=purge.names[start : start + BATCH]).order_by("pk")
        rows = list(items.values_list("pk", "public_id"))
        keys = [pk for pk, _ in rows]
        Tombstone.objects.bulk_create(
            (Tombstone(item_id=pk, purge=purge, at=now) for pk in keys), ignore_conflicts=True
        )
        Rendition.objects.filter(item__in=keys).delete()
        Item.objects.filter(pk__in=keys).update(provenance_sealed=None)
        found += [name for _, name in rows]
    return found


def finish_purge(*, purge: Purge, actor: str, now: datetime, unless_held: bool = False) -> None:
    """Destroy the keys and objects of a purge that was begun, and sign its certificate.

    ``unless_held``: raise NotNow while an item whose key is still there must be kept. Without it nobody is asked, for
    a purge that is made again after a restore: those keys were destroyed once already.
    """
    with transaction.atomic():
        if unless_held:
            settle_holds()
            _lock_items(purge.names)
            check_may_go(sorted(data_keys().wrapped(purge.names)), now)
        data_keys().destroy(purge.names, purge=purge.public_id)
    blobs.store().remove(purge.names)
    with transaction.atomic():
        row = Purge.objects.select_for_update().get(pk=purge.pk)
        if row.state == PurgeState.BEGUN:
            row.state, row.done_at = PurgeState.DONE, now
            # A purge that is replayed keeps the certificate it was given when it was done.
            row.certificate = row.certificate or certificate_of(row, now)
            row.save(update_fields=["state", "done_at", "certificate"])
            record(actor=actor, action="items_purged", subject=row.public_id, now=now, ids=row.names)
    purge.refresh_from_db()


def certificate_of(purge: Purge, now: datetime) -> dict[str, Any]:
    """Return what says, signed by the audit key, which items are gone, why, who agreed and when."""
    approval = approval_of(Purpose.PURGE, purge.public_id)
    told: dict[str, Any] = {
        "format": FORMAT,
        "purge": purge.public_id,
        "reason": purge.reason,
        "items": purge.manifest["items"],
        "manifest_sha256": purge.manifest_sha256,
        "approval": approval.public_id if approval else None,
        "method": METHOD,
        "done_at": now.isoformat(),
    }
    return {**told, "signature": signer("audit.key").sign(canonical(told)).hex()}


def names_of(certificate: dict[str, Any]) -> Sequence[str]:
    """Return the outside ids of a certificate's items."""
    return [one["item"] for one in certificate["items"]]
