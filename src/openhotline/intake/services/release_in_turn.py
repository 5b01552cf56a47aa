"""What waits only because everybody together sent too much goes on by the clock, oldest first."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.core import limits
from openhotline.core.one_at_a_time import one_at_a_time
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.services.release_quarantine import BATCH, let_go

EVERYBODY = "report most"
"""Under this name the limit of all public pages together counts."""


def release_in_turn(*, now: datetime, actor: str = "step:release_in_turn") -> int:
    """Let up to 500 reports go on from quarantine, as many as the limit of everybody leaves room for; return how many.

    Nobody who sent them went over a limit of their own, so none is held longer than the flood and what piled up in it.
    They count as those that come in do, and take no room from these. What one sender sent too much of waits for people.
    """
    if not Quarantined.objects.of_everybody().exists():
        return 0
    with transaction.atomic():
        one_at_a_time("release_in_turn")
        room = limits.room(settings.FLOOD["most"], EVERYBODY, now=now)
        oldest = list(Quarantined.objects.of_everybody().values_list("pk", flat=True)[: min(room, BATCH)])
        gone = let_go(Report.objects.filter(pk__in=oldest), actor=actor, now=now)
        if gone:
            limits.count(settings.FLOOD["most"], EVERYBODY, now=now, cost=gone)
    return gone
