"""Write one line of the log, in the transaction of the change it speaks of."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from openhotline.audit.models import Record
from openhotline.core.ids import digest_of, public_id


def record(
    *,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    ids: Sequence[int | str] = (),
    detail: dict[str, str | int | float | bool | None] | None = None,
) -> Record:
    """Append who did what. ``ids`` of a batch are kept as count and digest; ``detail`` holds closed values only."""
    return Record.objects.create(
        uuid=public_id("aud"),
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        count=len(ids) or 1,
        digest=digest_of(ids or [subject]),
        detail=detail or {},
    )


def leaf_hash(row: Record) -> bytes:
    """Return the RFC 6962 leaf hash of a record: SHA-256 of a zero byte and its canonical JSON."""
    content = [
        row.uuid,
        row.at.isoformat(),
        row.actor,
        row.action,
        row.subject,
        row.count,
        row.digest,
        row.detail,
    ]
    return sha256(b"\0" + json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()
