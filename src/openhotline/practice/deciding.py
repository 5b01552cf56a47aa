"""From the sorted items to published decisions: opinions, undo windows, and what is asked again."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision, Turn
from openhotline.assessment.states import DecisionState, TurnState
from openhotline.practice.analysts.assessing import Assessing
from openhotline.practice.machinery import Machinery

_MOST_ROUNDS = 50


def decide_all(
    analysts: Sequence[Person], seniors: Sequence[Person], assessing: Assessing, machinery: Machinery
) -> None:
    """Let analysts, then seniors, work until no turn waits and every decision is published.

    Publishing may ask for further opinions (what was not determined does not spread), so it goes in rounds.
    """
    for _ in range(_MOST_ROUNDS):
        assessing.by(analysts)
        assessing.by(seniors)
        publish_due(machinery)
        if not Turn.objects.filter(state=TurnState.WAITING).exists():
            return


def publish_due(machinery: Machinery) -> None:
    """Let the undo window pass and everything provisional be published."""
    machinery.pass_time(timedelta(seconds=settings.UNDO_SECONDS + 1))
    before = 0
    while (left := Decision.objects.filter(state=DecisionState.PROVISIONAL).count()) not in {0, before}:
        before = left
        machinery.catch_up()
