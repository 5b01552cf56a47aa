"""What a later decision says of items that are listed already is what the list says from now on."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.hashlists.events import EntriesMoved, EntriesRevised
from openhotline.hashlists.models import REVISED, Entry, EntryRevision, Listable
from openhotline.hashlists.policies import ai_involvement_of, may_be_listed, real_child_of
from openhotline.hashlists.states import EntryState


def revise_entries(*, listables: Sequence[Listable], actor: str, now: datetime) -> list[Entry]:
    """Write what is said of active entries anew where it differs; return those. What was said before is kept.

    The match service says the new from the next query on, the next release carries it; a drafted one that says the
    old is not published. What would not be listed is left alone: a person decides on that.
    """
    said = {one.item_id: _facts(one) for one in listables if may_be_listed(one)}
    with transaction.atomic():
        rows = Entry.objects.select_for_update().filter(item_id__in=said, state=EntryState.ACTIVE).order_by("pk")
        told = [(row, said[row.item_id]) for row in rows if row.item_id is not None]
        anew = [(row, facts) for row, facts in told if any(getattr(row, name) != facts[name] for name in REVISED)]
        changed = [row for row, _ in anew]
        EntryRevision.objects.bulk_create(EntryRevision.of(row, until=now) for row in changed)
        streams = {row.pk: row.stream for row in changed}
        for row, facts in anew:
            for name, value in facts.items():
                setattr(row, name, value)
            row.revision, row.revised_in = row.revision + 1, None
        Entry.objects.bulk_update(changed, [*REVISED, "revision", "revised_in"])
        if changed:
            record(
                actor=actor, action="entries_revised", subject="entries", ids=[e.public_id for e in changed], now=now
            )
            publish(EntriesRevised(ids=tuple(row.pk for row in changed)), now=now)
            publish(EntriesMoved(ids=tuple(row.pk for row in changed if row.stream != streams[row.pk])), now=now)
    return changed


def _facts(listable: Listable) -> dict[str, Any]:
    return {
        "ai_involvement": ai_involvement_of(listable),
        "real_child": real_child_of(listable),
        "jurisdiction": listable.jurisdiction,
        "outcome": listable.outcome,
        "category": listable.category,
        "provision": listable.provision,
        "elsewhere": [asdict(one) for one in listable.elsewhere],
        "consensus": listable.consensus,
    }
