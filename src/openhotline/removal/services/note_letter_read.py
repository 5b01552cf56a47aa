"""A person has read what a receiver of a notice wrote."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.removal.models import Letter, ProviderAnswer
from openhotline.removal.policies import check_keeps_removals


def note_letter_read(*, letter: int = 0, answer: int = 0, actor: Person, now: datetime) -> int:
    """Take a letter, or an answer from the page for receivers, off the list of what is unread; again changes nothing.

    Returns how many. Raises NotAllowed.
    """
    check_keeps_removals(actor)
    with transaction.atomic():
        done = Letter.objects.filter(pk=letter, read_at=None).update(read_at=now)
        done += ProviderAnswer.objects.filter(pk=answer, read_at=None).update(read_at=now)
        if done:
            record(actor=actor.public_id, action="letter_read", subject="notices", ids=[letter or answer], now=now)
    return done
