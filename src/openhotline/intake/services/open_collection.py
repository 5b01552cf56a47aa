"""A found collection is opened for import, under the recorded authority."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.audit.services.record import record
from openhotline.intake.models import Collection
from openhotline.intake.models.manifest import Source


def open_collection(
    *,
    source: Source,
    name: str,
    site: str | None = None,
    found_by: str | None = None,
    actor: str,
    now: datetime,
) -> Collection:
    """Return the collection of this place and name, made when it is not there yet.

    Its finds come in by `register_finds`, a batch of ``source.batches()`` at a time; a source that has grown since
    raises the number of finds expected. ``site`` is an origin such as ``https://name.example``. What is not said here
    stays as it was said before. Raises AuthorityMissing, and Missing for a manifest that cannot be read.
    """
    authority = check_covers(latest_authority(now), now)
    where = source.place
    said = {
        "finds_expected": source.count(),
        "manifest": str(source.manifest.resolve()) if source.manifest else None,
        "site": site,
        "found_by": found_by,
    }
    with transaction.atomic():
        collection = next((one for one in Collection.objects.filter(name=name) if one.folder == where), None)
        new = collection is None
        if collection is None:
            collection = Collection(name=name, folder=where, opened_at=now, opened_by=actor)
            collection.authority = authority.public_id
        changed = {key: value for key, value in said.items() if value not in {None, getattr(collection, key)}}
        if not new and not changed:
            return collection
        for key, value in changed.items():
            setattr(collection, key, value)
        collection.save()
        record(
            actor=actor,
            action="collection_opened",
            subject=collection.public_id,
            now=now,
            detail={"finds": collection.finds_expected, "authority": authority.public_id},
        )
    return collection
