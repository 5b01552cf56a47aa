"""A backup is brought back onto an empty installation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction

from openhotline.audit.models import ChainPlace, Checkpoint, SecondPlace
from openhotline.audit.models.taken_back import Certificate
from openhotline.audit.services.certify import take_over
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal
from openhotline.audit.services.verify import verify
from openhotline.core import blobs
from openhotline.core.archive import database, files, manifest, unfinished
from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.archive.manifest import Manifest
from openhotline.core.crypto import DoesNotOpen
from openhotline.core.datakeys import FILE, data_keys
from openhotline.core.durable import write_new
from openhotline.core.errors import Misconfigured, Missing
from openhotline.core.keys import signer
from openhotline.evidence.models import Item, Tombstone
from openhotline.evidence.queries import open_original
from openhotline.evidence.services.back_up import FOLDERS
from openhotline.evidence.services.certify_purges import KIND
from openhotline.evidence.services.recover_keys import record_recovery
from openhotline.evidence.services.replay_purges import check_certificate, replay_purges

CHUNK = 500
OPENED = 200
"""Items that are opened as a trial, spread over all of them."""

Tell = Callable[[int], object]
Follower = Callable[[datetime], object]
Replayer = Callable[[Sequence[Certificate], datetime], object]

_followers: list[Follower] = []
_replayers: list[Replayer] = []


@dataclass(frozen=True)
class Restored:
    """What was brought back. ``faults`` are sentences; empty when everything is there and the log is whole."""

    items: int
    purged_again: int
    opened: int
    faults: tuple[str, ...]


def follow_restore(do: Follower) -> None:
    """Declare what a later stage does, in the restore's own transaction, before anything runs again."""
    if do not in _followers:
        _followers.append(do)


def follow_taken_back(do: Replayer) -> None:
    """Declare what a later stage takes back again, by the chain at the second place, in the same transaction."""
    if do not in _replayers:
        _replayers.append(do)


def restore(
    *,
    folder: Path,
    certificates: Sequence[object],
    actor: str,
    now: datetime,
    key_store: Path | None = None,
    second_place: Path | None = None,
    tell: Tell = lambda _count: None,
) -> Restored:
    """Bring a backup back, purge again what the certificates say was purged since, and look whether all is well.

    Needs the installation's keys, a database without tables and a store without objects; the key store is taken from
    ``key_store`` (or from inside the backup) unless it is here still. Nothing is written before the signature, every
    file and every certificate were checked. Everybody has to sign in anew.

    ``second_place`` is the folder that what was purged was shipped to: all of its chain is purged again too, and one
    with a hole or a cut is refused. The database is made safe as soon as it is there, and the objects follow. From the
    first byte to the end a mark stands (``core.archive.unfinished``), while which nothing starts; a restore that broke
    off is run again and goes on. Raises ArchiveRefused, CertificateRefused, ChainRefused, OSError.
    """
    told = manifest.read(folder)
    chain = read_chain(second_place, at_least=told.taken_back) if second_place else []
    certificates = [*certificates, *(one.content for one in chain if one.kind == KIND)]
    for one in certificates:
        check_certificate(one)
    _check_fits(told)
    source = _key_store_to_bring(key_store, folder if told.has_key_store else None)
    for _ in files.check_files(folder):
        tell(1)
    unfinished.begin(folder, told)
    _bring_keys(source)
    if not database.tables():
        database.load(folder / database.file_name())
    purged = _make_safe(told, chain, certificates=certificates, actor=actor, now=now)
    gone = data_keys().tombstones()
    for name in FOLDERS:
        target = blobs.store().folder if name == "blobs" else Path(settings.VAR) / name
        files.put_back(folder, name, target, without=gone)
    opened, faults = _look(told)
    unfinished.end()
    return Restored(Item.objects.count(), purged, opened, tuple(faults))


def read_chain(second_place: Path, *, at_least: int = 0) -> list[Certificate]:
    """Return what was shipped to the second place of what was taken back. Raises ChainRefused, OSError."""
    newest = SecondPlace(second_place).newest()
    return ChainPlace(second_place).read(signer("audit.key").public_key(), at_least=at_least, records=newest)


def _make_safe(
    told: Manifest, chain: list[Certificate], *, certificates: Sequence[object], actor: str, now: datetime
) -> int:
    """Let nobody be signed in, nothing go out and nothing that was purged open; return how many were purged again.

    Done again after an interruption it changes nothing, but for a further line in the log.
    """
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        Session.objects.all().delete()
        take_over(chain)
        for do in _followers:
            do(now)
        for replay in _replayers:
            replay(chain, now)
        record(
            actor=actor,
            action="backup_restored",
            subject="installation",
            now=now,
            detail={"made_at": told.made_at, "files": told.files},
        )
    record_recovery(actor="two_custodians", now=now)
    purged = replay_purges(certificates=certificates, actor=actor, now=now)
    seal(now=now)
    return purged


def _check_fits(told: Manifest) -> None:
    if told.vendor != connection.vendor:
        raise ArchiveRefused(f"The backup is of {told.vendor}, this installation's database is {connection.vendor}.")
    if told.practice and not settings.PRACTICE:
        raise ArchiveRefused("The backup was made in practice mode; production does not take it.")
    if unknown := database.unknown_migrations(told.migrations):
        raise ArchiveRefused(
            f"The backup is of a newer version ({unknown[0]}). Install that version and restore again."
        )
    if unfinished.stands():
        # What is here is what was brought back before it broke off.
        return
    if database.tables():
        raise ArchiveRefused(
            "The database has tables already. Restore into an empty one: a new SQLite file, or `createdb`."
        )
    if next(blobs.store().names(), None) is not None:
        raise ArchiveRefused(f"There are objects in {blobs.store().folder} already. Restore into an empty data folder.")


def _key_store_to_bring(apart: Path | None, inside: Path | None) -> Path | None:
    """Return the copy that is to be put in place; None where the key store is here still, with keys of its own."""
    store, source = data_keys(), apart or inside
    if store.path.exists() and (store.count() or store.tombstones()):
        if apart is not None and not unfinished.stands():
            raise ArchiveRefused(
                f"There is a key store in {store.folder} already, with {store.count()} keys. It is newer than any copy "
                "of it: restore without --key-store."
            )
        return None
    if source is None or not (source / FILE).is_file():
        raise ArchiveRefused(f"There is no key store here and no {FILE} in the folder given. Without it nothing opens.")
    return source / FILE


def _bring_keys(source: Path | None) -> None:
    """Put a copy of the key store in its place, whole or not at all, and see that the keys it needs are here."""
    store = data_keys()
    if source is not None:
        for beside in ("-wal", "-shm"):
            store.path.with_name(FILE + beside).unlink(missing_ok=True)
        write_new(store.path, source.read_bytes())
    lacking = [epoch.number for epoch in store.epochs() if epoch.keys and not epoch.has_file]
    if lacking:
        raise ArchiveRefused(f"The keys of epoch {lacking} are not here. Recover them: `openhotline key recover`.")


def _look(told: Manifest) -> tuple[int, list[str]]:
    """Return how many items were opened as a trial, and what is wrong."""
    faults = list(verify().faults)
    head = Checkpoint.objects.filter(size=told.log_size).first()
    if told.log_size and (head is None or head.root != told.log_root):
        faults.append(
            f"The log does not have the checkpoint over {told.log_size} records that the backup was made with."
        )
    faults += _missing()
    opened = 0
    for item in _spread():
        try:
            open_original(item)
            opened += 1
        except (Missing, Misconfigured, DoesNotOpen) as error:
            faults.append(f"{item.public_id} does not open: {error}")
    return opened, faults


def _missing() -> Iterator[str]:
    """Yield a sentence for every item that was not purged and lacks its object or its key."""
    store, keys, last = blobs.store(), data_keys(), 0
    live = Item.objects.exclude(pk__in=Tombstone.objects.values("item"))
    while rows := list(live.filter(pk__gt=last).order_by("pk").values_list("pk", "public_id")[:CHUNK]):
        last = rows[-1][0]
        held = keys.wrapped(name for _, name in rows)
        yield from (f"{name} has no data key: was it purged after the backup?" for _, name in rows if name not in held)
        yield from (f"{name} has no object." for _, name in rows if not store.has(name))


def _spread() -> list[Item]:
    keys = list(
        Item.objects.exclude(pk__in=Tombstone.objects.values("item")).order_by("pk").values_list("pk", flat=True)
    )
    step = max(1, len(keys) // OPENED)
    return list(Item.objects.filter(pk__in=keys[::step][:OPENED]))
