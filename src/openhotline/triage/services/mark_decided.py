"""What assessment decided, kept as triage's own fact: such stacks come before nobody again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.triage.models import Stack


def mark_decided(*, item_ids: Sequence[int], actor: str, now: datetime) -> int:
    """Mark the stacks of decided items; called by the journey. Returns how many were new."""
    with transaction.atomic():
        stacks = list(
            Stack.objects.filter(items__item_id__in=item_ids, decided=False).distinct().values_list("pk", "public_id")
        )
        if stacks:
            Stack.objects.filter(pk__in=[pk for pk, _ in stacks]).update(decided=True)
            record(actor=actor, action="stacks_decided", subject="stacks", ids=[name for _, name in stacks], now=now)
    return len(stacks)
