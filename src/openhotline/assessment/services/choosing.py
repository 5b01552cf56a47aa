"""Which turns are a person's to take next: a part of take_turn and reserve_turns, in their transaction and record."""

from datetime import datetime

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, prefetch_related_objects

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.policies import free_for
from openhotline.assessment.queries.second import settlers
from openhotline.assessment.states import SETTLING, Opinion, TurnState
from openhotline.exposure.queries import wellbeing_of

LOOK_AT = (4, 16, *(50 for _ in range(19)))
"""How many turns are loaded and locked at a time: nearly always one of the first is free, and others want the rest."""


def next_turns(person: Person, now: datetime, most: int) -> list[Turn]:
    """Lock and return up to ``most`` turns that come next for this person, the most pressing first.

    Never one on whose item they gave an opinion, which they skipped, which they swapped within the hour, which is
    reserved for a colleague, or which is heavy when they have not said yes to that.
    """
    found: list[Turn] = []
    waiting, begin = _waiting(person, now), 0
    for size in LOOK_AT:
        rows = list(waiting[begin : begin + size])
        found += [row for row in rows if free_for(row, person.public_id, now)]
        if len(found) >= most or len(rows) < size:
            break
        begin += size
    prefetch_related_objects(found[:most], "item")
    return found[:most]


def _waiting(person: Person, now: datetime) -> QuerySet[Turn]:
    skip_locked = connection.features.has_select_for_update_skip_locked
    theirs = Q(reserved_for__in=["", person.public_id]) | Q(reserved_until__lte=now)
    rows = (
        Turn.objects.select_for_update(skip_locked=skip_locked, of=("self",) if skip_locked else ())
        .filter(theirs, _opinions(person), state=TurnState.WAITING)
        .exclude(Exists(_mine(person)))
        .order_by(F("points").desc(), "pk")
    )
    return rows if wellbeing_of(person.public_id).takes_heavy else rows.filter(heavy=False)


def _opinions(person: Person) -> Q:
    """What settles is for the roles that the rules name, or for the one person whom a manager appointed."""
    mine = Q(opinion__in=[Opinion.GOLDEN, Opinion.SECOND, Opinion.FIRST]) | Q(appointed=person.public_id)
    return mine | Q(opinion__in=SETTLING, appointed="") if Role(person.role) in settlers() else mine


def _mine(person: Person) -> QuerySet[Assessment]:
    return Assessment.objects.filter(person=person.public_id, undone_at=None, item=OuterRef("item"))
