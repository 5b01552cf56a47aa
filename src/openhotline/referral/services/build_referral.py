"""An approved referral becomes a package, sealed to the partner's key."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

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
from openhotline.referral.models import Referral, write_package
from openhotline.referral.policies import name_of
from openhotline.referral.queries import file_name, package_path
from openhotline.referral.states import ReferralState


def build_referral(*, referral_id: int, actor: Person | str, now: datetime) -> Referral:
    """Write ``$VAR/packages/<id>.age`` of exactly what was approved. Built twice is built once.

    This is the only way an original leaves the vault: none is opened before two people have approved. Raises
    NotApproved, and what opening an original raises.
    """
    referral = Referral.objects.get(pk=referral_id)
    if referral.state in {ReferralState.BUILT, ReferralState.HANDED_OVER}:
        return referral
    _check_standing(referral)
    check_approved(approval_of(Purpose.REFERRAL, referral.public_id), Purpose.REFERRAL, _digest(referral), now)
    path = package_path(referral.public_id)
    aside = path.with_suffix(".part")
    digest = write_package(
        aside,
        referral.manifest.encode(),
        _originals(referral),
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


def _originals(referral: Referral) -> Iterator[tuple[str, bytes]]:
    for item in Item.objects.filter(referred__referral=referral).order_by("pk"):
        yield file_name(item), open_original(item)
