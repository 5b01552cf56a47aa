"""Sheets that were taken and left go back to the pile."""

from datetime import datetime, timedelta

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.triage.models import SheetTile, SortingSheet, Stack
from openhotline.triage.states import SheetState

LEFT_AFTER = timedelta(hours=2)


def return_sheets(*, actor: str, now: datetime) -> int:
    """Put the stacks of sheets taken more than two hours ago back; return how many sheets that were."""
    with transaction.atomic():
        left = list(SortingSheet.objects.filter(state=SheetState.TAKEN, taken_at__lt=now - LEFT_AFTER)[:100])
        if not left:
            return 0
        # What was sorted before a second look is sorted still, so its stack waits for nobody.
        stacks = SheetTile.objects.filter(sheet__in=left, kept=None, second_look=False).values("stack_id")
        Stack.objects.filter(pk__in=stacks).update(waiting=True)
        SortingSheet.objects.filter(pk__in=[sheet.pk for sheet in left]).update(state=SheetState.WAITING, person="")
        record(
            actor=actor, action="sheets_returned", subject="sheets", ids=[sheet.public_id for sheet in left], now=now
        )
    return len(left)
