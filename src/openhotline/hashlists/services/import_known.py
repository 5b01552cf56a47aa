"""A list of known files, known or harmless, that somebody gave the hotline."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import lookup
from openhotline.core.ids import digest_of
from openhotline.hashlists.errors import LineRefused
from openhotline.hashlists.models import KnownFile
from openhotline.hashlists.policies import checked_sha256s
from openhotline.hashlists.queries import OWN_LIST
from openhotline.hashlists.states import Verdict

BATCH = 500


def import_known(*, list_name: str, verdict: Verdict, sha256s: Iterable[str], actor: str, now: datetime) -> int:
    """Add SHA-256 hashes (hex) to an imported list and return how many were new. All, or none.

    Only keyed hashes are kept. A list says one thing of all it holds: another verdict needs another name. Raises
    LineRefused.
    """
    if not list_name or list_name == OWN_LIST:
        raise LineRefused(f"A list cannot be named {list_name!r}. Give the name its owner uses.")
    rows = [
        KnownFile(list_name=list_name, lookup=lookup("file", sha256), verdict=Verdict(verdict), imported_at=now)
        for sha256 in checked_sha256s(sha256s)
    ]
    with transaction.atomic():
        mine = KnownFile.objects.filter(list_name=list_name)
        if mine.exclude(verdict=verdict).exists():
            raise LineRefused(f"The list {list_name} says something else than {verdict}. Import under another name.")
        before = mine.count()
        KnownFile.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        new = mine.count() - before
        if new:
            record(
                actor=actor,
                action="known_imported",
                subject="known",
                now=now,
                detail={"list": digest_of([list_name]), "verdict": str(verdict), "lines": len(rows), "new": new},
            )
    return new
