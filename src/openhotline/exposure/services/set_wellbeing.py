"""Somebody says how they want to look: until when they work, whether heavy things too, who may see their figures."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.exposure.models import Wellbeing
from openhotline.exposure.policies import check_shift_end


def set_wellbeing(
    *, shift_ends_at: datetime | None, takes_heavy: bool, consents: bool, actor: Person, now: datetime
) -> Wellbeing:
    """Keep one's own choices. Raises NotNow when the shift would end in the past, or after more than 14 hours."""
    check_shift_end(shift_ends_at, now)
    with transaction.atomic():
        row, _ = Wellbeing.objects.update_or_create(
            person=actor.public_id,
            defaults={
                "shift_ends_at": shift_ends_at,
                "takes_heavy": takes_heavy,
                "consents": consents,
                "changed_at": now,
            },
        )
        # Whether somebody looks at heavy things stays out of the log: it is nobody's figure. A consent is recorded.
        record(
            actor=actor.public_id,
            action="wellbeing_set",
            subject=actor.public_id,
            detail={"consents": consents},
            now=now,
        )
    return row
