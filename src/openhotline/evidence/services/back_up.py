"""The installation is backed up while it serves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from openhotline.audit.models import Checkpoint, TakenBack
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal
from openhotline.core import blobs
from openhotline.core.archive import database, files, manifest
from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.archive.files import Listed
from openhotline.core.archive.manifest import Manifest
from openhotline.core.datakeys import FILE
from openhotline.core.durable import flush_folder, flushed, make_folder
from openhotline.evidence.services.back_up_keys import back_up_keys, copies_allowed

FOLDERS = ("blobs", "packages")
"""Under ``$VAR``. Releases and the index hold hashes in clear: they are made anew and never backed up."""

Tell = Callable[[int], object]


@dataclass(frozen=True)
class BackedUp:
    """Where the backup lies and how many files it has."""

    folder: Path
    files: int


def back_up(
    *, folder: Path, actor: str, now: datetime, key_store: Path | None = None, tell: Tell = lambda _count: None
) -> BackedUp:
    """Write a backup into a folder that does not exist yet; it has its name only once it is whole and on disk.

    First the database as it stands at one moment, then the objects: each row's object was there before the row. The
    key store goes into ``key_store`` when that is given (a folder apart or, when asked for, the backup's own), two
    people have allowed copies there, and nowhere otherwise; epoch keys never do. ``tell`` hears of each file. Raises
    ArchiveRefused, NotApproved.
    """
    if folder.exists():
        raise ArchiveRefused(f"{folder} exists already. A backup goes into a new folder.")
    aside = folder.with_name(f"{folder.name}.part")
    if aside.exists():
        raise ArchiveRefused(f"{aside} is what an interrupted backup left. Remove it, or choose another name.")
    inside = key_store is not None and key_store.resolve() == folder.resolve()
    allowed = copies_allowed(key_store, now) if key_store is not None else None
    if key_store is not None and (key_store / FILE).exists():
        raise ArchiveRefused(f"There is a copy of the key store in {key_store} already. Give a new folder.")
    make_folder(aside, 0o700)
    with transaction.atomic():
        record(actor=actor, action="backup_made", subject="installation", now=now)
    seal(now=now)
    with flushed(aside):
        database.dump(aside / database.file_name())
        if key_store is not None:
            back_up_keys(folder=aside if inside else key_store, actor=actor, now=now, allowed=allowed)
        count = files.write_list(aside, _all(aside, inside=inside, tell=tell))
    # What the manifest vouches for is on disk before it is signed.
    manifest.sign(aside, _manifest(aside, count, now, inside=inside))
    aside.rename(folder)
    flush_folder(folder.parent)
    return BackedUp(folder, count)


def _all(archive: Path, *, inside: bool, tell: Tell) -> Iterator[Listed]:
    for name in (database.file_name(), *([FILE] if inside else [])):
        yield files.listed(archive / name, name)
    for name in FOLDERS:
        source = blobs.store().folder if name == "blobs" else Path(settings.VAR) / name
        for one in files.copy_folder(source, archive, name):
            tell(1)
            yield one


def _manifest(archive: Path, count: int, now: datetime, *, inside: bool) -> Manifest:
    head = Checkpoint.objects.order_by("-size").first()
    return Manifest(
        made_at=now.isoformat(),
        practice=bool(settings.PRACTICE),
        vendor=connection.vendor,
        migrations=database.applied(),
        log_size=head.size if head else 0,
        log_root=head.root if head else "",
        files=count,
        files_sha256=sha256((archive / files.LIST).read_bytes()).hexdigest(),
        has_key_store=inside,
        taken_back=TakenBack.objects.count(),
    )
