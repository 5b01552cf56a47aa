"""All keys are sealed anew for each pair of custodians."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core import offline
from openhotline.core.datakeys import data_keys
from openhotline.evidence.policies import check_keeps_evidence


def wrap_offline(*, actor: Person, now: datetime) -> list[Path]:
    """Write the three sealed files into ``$VAR/keys/offline`` and return them. Raises NotAllowed, Missing."""
    check_keeps_evidence(actor)
    folder = data_keys().folder
    paths = offline.wrap(folder, now=now)
    told = offline.wrapped(folder)
    with transaction.atomic():
        record(
            actor=actor.public_id,
            action="keys_wrapped_offline",
            subject="keys",
            now=now,
            detail={"keys": len(told.names) if told else 0, "custodians": told.custodians if told else ""},
        )
    return paths
