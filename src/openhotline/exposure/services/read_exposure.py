"""The welfare lead reads one person's figures: with that person's consent, and every reading is in the log."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.exposure.models import Wellbeing
from openhotline.exposure.policies import check_may_read
from openhotline.exposure.queries import Exposure, Settled, days_of


def read_exposure(*, person: Person, settled: Settled, actor: Person, now: datetime) -> list[Exposure]:
    """Return a person's last 14 days, newest first; ``settled`` as for `days_of`.

    Raises NotAllowed without the role, or the person's consent.
    The consent is read in the transaction that records the reading: one that was taken back meanwhile holds no more.
    """
    with transaction.atomic():
        row = Wellbeing.objects.select_for_update().filter(person=person.public_id).first()
        check_may_read(actor, consents=row is not None and row.consents)
        days = days_of(person, now, settled=settled)
        record(actor=actor.public_id, action="exposure_read", subject=person.public_id, now=now)
    return days
