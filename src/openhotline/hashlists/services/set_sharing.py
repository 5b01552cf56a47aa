"""Whether members may pass entries on: said by a person, kept with the history, told with the next release."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.hashlists.models import Entry, EntryRevision
from openhotline.hashlists.policies import check_keeps_lists
from openhotline.hashlists.states import EntryState, Sharing


def set_sharing(*, entries: Sequence[str], sharing: Sharing, actor: Person, now: datetime) -> int:
    """Say of active entries (outside ids, at most 500) whether they may be passed on; return how many changed.

    What was said before is kept; a drafted release that says the old is not published. Raises NotAllowed, and Missing
    when one of them is no active entry that was assessed here: then none is changed.
    """
    check_keeps_lists(actor)
    with transaction.atomic():
        rows = list(
            Entry.objects.select_for_update().filter(public_id__in=entries, given_by=None, state=EntryState.ACTIVE)
        )
        if others := sorted(set(entries) - {row.public_id for row in rows}):
            raise Missing(f"{others[0][:40]!r} is no entry of ours that is listed now. Nothing was changed.")
        changed = sorted((row for row in rows if row.sharing != sharing), key=lambda row: row.pk)
        EntryRevision.objects.bulk_create(EntryRevision.of(row, until=now) for row in changed)
        for row in changed:
            row.sharing, row.revision, row.revised_in = Sharing(sharing), row.revision + 1, None
        Entry.objects.bulk_update(changed, ["sharing", "revision", "revised_in"])
        if changed:
            record(
                actor=actor.public_id,
                action="sharing_set",
                subject="entries",
                ids=[row.public_id for row in changed],
                now=now,
                detail={"kind": str(sharing)},
            )
    return len(changed)
