"""What was purged since a backup was made is purged again after its restore."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import Refusal
from openhotline.core.keys import signer
from openhotline.evidence.models import Item, Purge, canonical
from openhotline.evidence.services.purge_items import BATCH, FORMAT, entomb, finish_purge
from openhotline.evidence.states import PurgeState


class CertificateRefused(Refusal):
    """What is said to be a certificate of a purge is none, or was changed."""


def check_certificate(told: object) -> dict[str, Any]:
    """Return a certificate that this installation's audit key signed. Raises CertificateRefused."""
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise CertificateRefused(f"A line is no certificate of the form {FORMAT}. Give what `openhotline purge` wrote.")
    content = {name: value for name, value in told.items() if name != "signature"}
    try:
        signer("audit.key").public_key().verify(bytes.fromhex(str(told.get("signature"))), canonical(content))
    except (InvalidSignature, ValueError) as error:
        raise CertificateRefused(
            f"The signature of the certificate {str(told.get('purge'))[:40]!r} does not hold under this installation's "
            "audit key: it was changed, or is another installation's."
        ) from error
    return told


def replay_purges(*, certificates: Iterable[object], actor: str, now: datetime) -> int:
    """Purge again what these certificates say was purged, and finish what was begun; return how many items.

    What the key store's own tombstones name is purged as well, with or without a certificate: its keys are gone, and
    what the database holds of it goes too. Doing it again changes nothing. Raises CertificateRefused before anything
    is changed.
    """
    checked = [check_certificate(one) for one in certificates]
    known = dict(Purge.objects.filter(state=PurgeState.DONE).values_list("public_id", "pk"))
    for told in checked:
        if told["purge"] not in known:
            _keep(told, now)
    _keep_what_the_key_store_knows(now)
    replayed = 0
    for purge in Purge.objects.exclude(state=PurgeState.DRAFTED).order_by("pk"):
        replayed += _again(purge, actor, now)
    return replayed


def _keep(told: dict[str, Any], now: datetime) -> None:
    """Write the purge of a certificate as one that was begun, in place of a draft that is there."""
    manifest = {"purge": told["purge"], "reason": told["reason"], "items": told["items"]}
    with transaction.atomic():
        Purge.objects.update_or_create(
            public_id=told["purge"],
            defaults={"state": PurgeState.BEGUN, "reason": told["reason"], "manifest": manifest},
            create_defaults={
                "state": PurgeState.BEGUN,
                "reason": told["reason"],
                "manifest": manifest,
                "drafted_at": now,
                "certificate": told,
            },
        )


def _keep_what_the_key_store_knows(now: datetime) -> None:
    """Write the purges whose keys were destroyed here, and that this database does not know of, as begun."""
    gone: dict[str, list[str]] = {}
    for name, purge in data_keys().tombstones().items():
        gone.setdefault(purge, []).append(name)
    seen = Purge.objects.exclude(state=PurgeState.DRAFTED).values_list("public_id", flat=True)
    for purge in sorted(gone.keys() - set(seen)):
        # Why it was purged stands in a certificate alone: unset is unset.
        manifest = {"purge": purge, "reason": "", "items": _described(gone[purge])}
        with transaction.atomic():
            Purge.objects.update_or_create(
                public_id=purge,
                defaults={"state": PurgeState.BEGUN},
                create_defaults={
                    "state": PurgeState.BEGUN,
                    "reason": "",
                    "manifest": manifest,
                    "drafted_at": now,
                },
            )


def _described(names: Sequence[str]) -> list[dict[str, str | int | None]]:
    """Return what a manifest says of items; of those that came in after the backup nothing but the name is known."""
    rows: dict[str, tuple[str, int]] = {}
    for start in range(0, len(names), BATCH):
        found = Item.objects.filter(public_id__in=names[start : start + BATCH])
        rows |= {name: (case, size) for name, case, size in found.values_list("public_id", "case", "bytes")}
    unknown = (None, None)
    return [{"item": name, "case": case, "bytes": size} for name in names for case, size in [rows.get(name, unknown)]]


def _again(purge: Purge, actor: str, now: datetime) -> int:
    """Bring one purge to its end again; return how many of its items still had anything."""
    held = len(data_keys().wrapped(purge.names))
    with transaction.atomic():
        entomb(purge, now)
        if held or purge.state != PurgeState.DONE:
            record(
                actor=actor,
                action="purge_replayed",
                subject=purge.public_id,
                now=now,
                detail={"items": len(purge.names), "keys": held},
            )
    finish_purge(purge=purge, actor=actor, now=now)
    return held
