"""A list of known files or pictures, known or harmless, that somebody gave the hotline."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import lookup
from openhotline.core.events import publish
from openhotline.core.ids import digest_of
from openhotline.hashlists.errors import LineRefused
from openhotline.hashlists.events import KnownFilesAdded, KnownPicturesChanged
from openhotline.hashlists.models import KnownFile, KnownList, KnownPicture
from openhotline.hashlists.policies import Line, checked_lines
from openhotline.hashlists.queries import OWN_LIST
from openhotline.hashlists.states import HashKind, Sharing, Verdict

BATCH = 500
# What the keyed hash is made for: a file's SHA-256 is looked up under the name that evidence gives it.
KEYED_AS = {HashKind.SHA256: "file", HashKind.SHA1: "sha1", HashKind.MD5: "md5", HashKind.PDQ: "pdq"}


def import_known(
    *,
    list_name: str,
    verdict: Verdict,
    lines: Iterable[str],
    actor: str,
    now: datetime,
    kind: HashKind = HashKind.SHA256,
    source: str = "",
    sharing: Sharing = Sharing.NOT_DETERMINED,
) -> int:
    """Add hashes (hex, one a line) to an imported list and return how many were new. All, or none.

    Who gave it to us and whether we may pass it on are kept with the list; left out, what was kept before stays.

    Of files only keyed hashes are kept; of pictures (``kind`` PDQ, the quality after a comma if it is known) the hash
    itself too, sealed. A list says one thing of all it holds: another verdict needs another name. What was triaged
    before is compared to what is new. Raises LineRefused.
    """
    if not list_name or list_name == OWN_LIST:
        raise LineRefused(f"A list cannot be named {list_name!r}. Give the name its owner uses.")
    if verdict == Verdict.EXPLOITATIVE:
        raise LineRefused("What is exploitative is taken entry by entry, in its owner's form or as a table: --format.")
    kept = {lookup(KEYED_AS[kind], line.hash): line for line in checked_lines(lines, kind)}
    with transaction.atomic():
        known, _ = KnownList.objects.get_or_create(name=list_name, defaults={"verdict": verdict, "added_at": now})
        if known.verdict != verdict:
            raise LineRefused(f"The list {list_name} says something else than {verdict}. Import under another name.")
        known.source = source or known.source
        known.sharing = known.sharing if sharing == Sharing.NOT_DETERMINED else sharing
        known.save(update_fields=["source", "sharing"])
        new = _add_pictures(known, kept, now) if kind == HashKind.PDQ else _add_files(known, kept, kind, now)
        if new:
            detail = {"list": digest_of([list_name]), "kind": str(kind), "verdict": str(verdict)}
            record(
                actor=actor,
                action="known_imported",
                subject="known",
                now=now,
                detail={**detail, "lines": len(kept), "new": len(new)},
            )
            publish((KnownPicturesChanged if kind == HashKind.PDQ else KnownFilesAdded)(ids=tuple(new)), now=now)
    return len(new)


def _add_files(known: KnownList, kept: dict[str, Line], kind: HashKind, now: datetime) -> list[int]:
    rows = [
        KnownFile(list_name=known.name, kind=kind, lookup=key, verdict=known.verdict, imported_at=now) for key in kept
    ]
    mine = KnownFile.objects.filter(list_name=known.name)
    last = mine.order_by("-pk").values_list("pk", flat=True).first() or 0
    KnownFile.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return list(mine.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True))


def _add_pictures(known: KnownList, kept: dict[str, Line], now: datetime) -> list[int]:
    rows = [
        KnownPicture(known_list=known, lookup=key, pdq=line.hash, quality=line.quality, imported_at=now)
        for key, line in kept.items()
    ]
    mine = KnownPicture.objects.filter(known_list=known)
    last = mine.order_by("-pk").values_list("pk", flat=True).first() or 0
    KnownPicture.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return list(mine.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True))
