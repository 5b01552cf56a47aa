"""Changed law is to be held against every published decision: begin a pass, or take up the one that was broken off."""

from datetime import date, datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Rederivation
from openhotline.assessment.policies import check_can_rederive
from openhotline.assessment.states import RederivationState
from openhotline.audit.services.record import record
from openhotline.law.queries import rules


def begin_rederivation(*, as_of: date, actor: Person, now: datetime) -> Rederivation:
    """Return the pass to go on with: under the rules in force here, as of the day. Raises NotAllowed.

    One that was broken off under the same rules and as of the same day is taken up; under others it is superseded.
    """
    check_can_rederive(actor)
    version = rules().version
    with transaction.atomic():
        before = Rederivation.objects.select_for_update().filter(state=RederivationState.RUNNING).first()
        if before is not None and (before.law_version, before.as_of) == (version, as_of):
            taken_up, found = True, before
        else:
            if before is not None:
                before.state, before.ended_at = RederivationState.SUPERSEDED, now
                before.save(update_fields=["state", "ended_at"])
            taken_up, found = False, Rederivation.objects.create(law_version=version, as_of=as_of, begun_at=now)
        record(
            actor=actor.public_id,
            action="rederivation_taken_up" if taken_up else "rederivation_begun",
            subject=found.public_id,
            detail={"manifest": version},
            now=now,
        )
    return found
