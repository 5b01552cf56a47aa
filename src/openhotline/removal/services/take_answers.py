"""What receivers of notices said on their page: acted on where a machine may, else laid before a person."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import DoesNotOpen, open_from_the_door
from openhotline.core.events import publish
from openhotline.removal.events import RemovalsOpened
from openhotline.removal.models import Complaint, ProviderAnswer, Removal
from openhotline.removal.policies import ANSWER_COMPLAINT_WITHIN
from openhotline.removal.states import RemovalState, Said

NOT_THEIRS = "The receiver of the notice says that it is not theirs, so its host is asked for again."


def take_answers(*, ids: Sequence[int], actor: str, now: datetime) -> int:
    """Follow answers (at most 500) that were not followed yet; return how many.

    *Removed* brings the next look forward, and nothing is believed without it. *Not ours* has the host asked for again;
    where it is still the same contact, a person reads the answer. *Dispute* opens a complaint with its clock.
    """
    with transaction.atomic():
        answers = ProviderAnswer.objects.select_for_update(of=("self",)).filter(pk__in=ids, taken_at=None)
        rows = list(answers.select_related("code__notice").order_by("pk"))
        opened: list[int] = []
        for row in rows:
            noticed = Removal.objects.filter(notice=row.code.notice, state=RemovalState.NOTICED)
            if row.said == Said.REMOVED:
                noticed.update(next_check_at=now)
            elif row.said == Said.NOT_OURS:
                keys = list(noticed.values_list("pk", flat=True))
                Removal.objects.filter(pk__in=keys).update(sentence=NOT_THEIRS, state=RemovalState.OPENED)
                opened += keys
            else:
                _complaint(row, now)
        ProviderAnswer.objects.filter(pk__in=[row.pk for row in rows]).update(taken_at=now)
        if rows:
            keys = [row.pk for row in rows]
            record(actor=actor, action="answers_taken", subject="notices", ids=keys, now=now)
        if opened:
            publish(RemovalsOpened(ids=tuple(sorted(opened))), now=now)
    return len(rows)


def _complaint(row: ProviderAnswer, now: datetime) -> None:
    try:
        text = open_from_the_door(bytes(row.sealed))
    except DoesNotOpen:
        text = "What was written does not open with this installation's key."
    Complaint.objects.create(
        notice=row.code.notice,
        text=text or "Nothing was written.",
        received_at=row.at,
        answer_by=now + ANSWER_COMPLAINT_WITHIN,
    )
