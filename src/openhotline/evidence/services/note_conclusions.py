"""What people concluded of how files were made, written into the file evidence in the place that is kept for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from fileorigin import Human
from openhotline.audit.services.record import record
from openhotline.evidence.models import EvidenceWrite, Item
from openhotline.evidence.queries import evidence_digest, evidence_writes, file_evidence, stored_evidence


def note_conclusions(*, said: Mapping[int, Human], actor: str, now: datetime) -> int:
    """Write a published conclusion into the evidence of each item (key -> conclusion); called by the journey.

    A correction takes the place of what stood there; what machines found is not touched. Items without file evidence
    are left out: there is no place to write it. Again with the same does nothing. Returns how many changed.
    """
    with transaction.atomic():
        there = Item.objects.select_for_update().filter(pk__in=said).exclude(provenance=None)
        changed = []
        for item in there.defer("provenance_sealed").order_by("pk"):
            found = file_evidence(item)
            if found is None or found.human == said[item.pk]:
                continue
            item.provenance = stored_evidence(replace(found, human=said[item.pk]))
            changed.append(item)
        if changed:
            Item.objects.bulk_update(changed, ["provenance"], batch_size=100)
            writes = evidence_writes(changed)
            line = record(
                actor=actor,
                action="conclusions_noted",
                subject="items",
                ids=[item.public_id for item in changed],
                detail={"evidence": evidence_digest(writes), "written": len(writes)},
                now=now,
            )
            for row in writes:
                row.record = line.uuid
            EvidenceWrite.objects.bulk_create(writes)
    return len(changed)
