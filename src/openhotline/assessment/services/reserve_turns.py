"""The next turns of a person are reserved for a few minutes, so that their blurred tiles can be fetched ahead."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_assess
from openhotline.assessment.models import Turn
from openhotline.assessment.policies import AHEAD, RESERVED
from openhotline.assessment.services.choosing import next_turns
from openhotline.audit.services.record import record
from openhotline.exposure.queries import check_may_look_now


def reserve_turns(*, actor: Person, now: datetime) -> list[Turn]:
    """Return up to three turns that come next for this person, and keep them from others for five minutes.

    What is more pressing and comes in meanwhile still comes first. Raises NotAllowed, and NotNow in a break.
    """
    check_can_assess(actor, now)
    check_may_look_now(actor.public_id, now)
    with transaction.atomic():
        turns = next_turns(actor, now, AHEAD)
        mine = Turn.objects.filter(reserved_for=actor.public_id)
        mine.exclude(pk__in=[turn.pk for turn in turns]).update(reserved_for="", reserved_until=None)
        fresh = [turn for turn in turns if turn.reserved_for != actor.public_id]
        for turn in turns:
            turn.reserved_for, turn.reserved_until = actor.public_id, now + RESERVED
        Turn.objects.bulk_update(turns, ["reserved_for", "reserved_until"])
        if fresh:
            names = [str(turn.pk) for turn in fresh]
            record(actor=actor.public_id, action="turns_reserved", subject="turns", ids=names, now=now)
    return turns
