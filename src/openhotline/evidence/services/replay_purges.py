"""What was purged since a backup was made is purged again after its restore."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import Refusal
from openhotline.core.keys import signer
from openhotline.evidence.models import Purge, canonical
from openhotline.evidence.services.purge_items import FORMAT, entomb, finish_purge
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

    Doing it again changes nothing. Raises CertificateRefused before anything is changed.
    """
    checked = [check_certificate(one) for one in certificates]
    known = dict(Purge.objects.filter(state=PurgeState.DONE).values_list("public_id", "pk"))
    for told in checked:
        if told["purge"] not in known:
            _keep(told, now)
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
