"""A fault of the log was looked into and is known: verification tells it apart from new ones."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.models import Record
from openhotline.audit.queries import Fault, acknowledgement_of
from openhotline.audit.services.record import record
from openhotline.audit.states import Cause


def acknowledge_damage(*, faults: Sequence[Fault], cause: Cause, actor: str, now: datetime) -> list[Record]:
    """Write into the log that these faults are known and why, one record each, and return them.

    Nothing is mended and nothing hidden: verification goes on naming them, as known. A row that is changed once more
    is a new fault. Needs the signing key, so that nobody acknowledges who can only write into the tables. Whoever
    calls sees to it that two people agreed.
    """
    with transaction.atomic():
        return [
            record(
                actor=actor,
                action="damage_acknowledged",
                subject=fault.key,
                now=now,
                detail={"cause": cause, "seal": acknowledgement_of(fault.key)},
            )
            for fault in faults
        ]
