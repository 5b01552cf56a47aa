"""A member downloads the list."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.hashlists.models import Member

HASHES = "hashes"


def note_download(*, member: Member, version: int, actor: str, now: datetime, kind: str = HASHES) -> None:
    """Log that a member downloads its edition of a version, by which key; ``kind``: of which list."""
    with transaction.atomic():
        record(
            actor=actor,
            action="list_downloaded",
            subject=member.public_id,
            now=now,
            detail={"version": version, "kind": kind},
        )
