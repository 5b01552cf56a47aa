"""An approved referral becomes a package, sealed to the partner's key."""

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_approved
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.evidence.models import Item
from openhotline.evidence.queries import open_original
from openhotline.referral.events import ReferralBuilt
from openhotline.referral.models import Referral, partner, write_package
from openhotline.referral.models.documents import SUMS, Document, documents_of, sums_told
from openhotline.referral.policies import name_of
from openhotline.referral.queries import evidence_of, file_name, package_path
from openhotline.referral.states import ReferralState

SENT = frozenset(ReferralState) - {ReferralState.DRAFTED, ReferralState.LAPSED}


def build_referral(*, referral_id: int, actor: Person | str, now: datetime) -> Referral:
    """Write ``$VAR/packages/<id>.age`` of exactly what was approved. Built twice is built once.

    This is the only way an original leaves the vault: none is opened before two people have approved. Raises
    NotApproved, and what opening an original raises.
    """
    referral = Referral.objects.get(pk=referral_id)
    if referral.state in SENT:
        return referral
    _check_standing(referral)
    _check_key(referral, now)
    check_approved(approval_of(Purpose.REFERRAL, referral.public_id), Purpose.REFERRAL, _digest(referral), now)
    path = package_path(referral.public_id)
    aside = path.with_suffix(".part")
    digest = write_package(
        aside,
        referral.manifest.encode(),
        _files(referral),
        recipient=referral.recipient,
        at=int(referral.drafted_at.timestamp()),
    )
    with transaction.atomic():
        referral = Referral.objects.select_for_update().get(pk=referral_id)
        if referral.state == ReferralState.BUILT:
            return referral
        _check_standing(referral)
        use_approval(
            purpose=Purpose.REFERRAL,
            subject=referral.public_id,
            manifest_sha256=_digest(referral),
            actor=actor,
            now=now,
        )
        referral.state, referral.package_sha256, referral.built_at = ReferralState.BUILT, digest, now
        referral.save(update_fields=["state", "package_sha256", "built_at"])
        names = list(referral.items.order_by("item_id").values_list("item__public_id", flat=True))
        record(
            actor=name_of(actor),
            action="referral_built",
            subject=referral.public_id,
            now=now,
            ids=names,
            detail={"package": digest},
        )
        publish(ReferralBuilt(ids=(referral.pk,)), now=now)
        # In its place before the row says so; after a crash here it is written once more.
        aside.replace(path)
    return referral


def _digest(referral: Referral) -> str:
    return sha256(referral.manifest.encode()).hexdigest()


def _check_standing(referral: Referral) -> None:
    if referral.state == ReferralState.LAPSED:
        raise NotApproved("This draft has lapsed and its items are free again. Draft the referral anew.")


def _check_key(referral: Referral, now: datetime) -> None:
    if partner(now).key != referral.recipient:
        raise NotApproved("The partner's key has changed since this was drafted. Draft the referral anew.")


def _files(referral: Referral) -> Iterator[tuple[str, bytes] | Document]:
    """Yield the checksums, the documents and the originals, each as the manifest says that was approved."""
    told = json.loads(referral.manifest)
    yield SUMS, sums_told(referral.manifest.encode(), told)
    yield from _checked(referral, told)
    yield from _originals(referral)


def _checked(referral: Referral, told: dict[str, Any]) -> list[Document]:
    """Return the documents. Raises NotApproved when one would not be what two people signed."""
    items = referral.items.values("item_id")
    made = documents_of(told, lambda: told["items"], lambda: evidence_of(items))
    other = [one.name for one in made if told["documents"].get(one.name) != one.told()]
    if other:
        raise NotApproved(
            f"{other[0]} would not be the one that was approved, as this software, or what is kept of a "
            "file, has changed since. Draft the referral anew."
        )
    return made


def _originals(referral: Referral) -> Iterator[tuple[str, bytes]]:
    for item in Item.objects.filter(referred__referral=referral).order_by("pk"):
        yield file_name(item), open_original(item)
