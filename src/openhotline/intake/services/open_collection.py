"""A found collection is opened for import, under the recorded authority."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.intake.models import Collection
from openhotline.intake.models.manifest import count_lines


def open_collection(*, folder: Path, name: str, manifest: Path, actor: str, now: datetime) -> Collection:
    """Return the collection of this folder and name, made when it is not there yet.

    Its finds come in by `register_finds`, batch by batch of `models.manifest.batches`; a manifest that has grown
    since raises the number of finds expected. Raises AuthorityMissing, and Missing for a folder or manifest that
    cannot be read.
    """
    authority = check_covers(latest_authority(now), now)
    expected = _expected(folder, manifest)
    where = str(folder.resolve())
    with transaction.atomic():
        collection = next((one for one in Collection.objects.filter(name=name) if one.folder == where), None)
        if collection is not None and collection.finds_expected == expected:
            return collection
        if collection is None:
            collection = Collection(name=name, folder=where, opened_at=now, opened_by=actor)
            collection.authority = authority.public_id
        collection.finds_expected = expected
        collection.save()
        record(
            actor=actor,
            action="collection_opened",
            subject=collection.public_id,
            now=now,
            detail={"finds": expected, "authority": authority.public_id},
        )
    return collection


def _expected(folder: Path, manifest: Path) -> int:
    if not folder.is_dir():
        raise Missing(f"There is no folder {folder}. Give the folder that the collection lies in.")
    try:
        return count_lines(manifest)
    except OSError as error:
        raise Missing(
            f"The manifest {manifest} cannot be read: {error.strerror}. It lists the finds of the folder, "
            "one JSON object a line."
        ) from error
