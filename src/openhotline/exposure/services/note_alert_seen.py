"""An auditor has seen an alert, and asks."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotAllowed
from openhotline.exposure.models import Alert


def note_alert_seen(*, alert: str, actor: Person, now: datetime) -> Alert:
    """Note who saw an alert first, and when; later ones change nothing.

    Raises NotAllowed for whoever is no auditor, and for an alert about oneself; Missing when there is none.
    """
    if Role(actor.role) != Role.AUDITOR:
        raise NotAllowed(f"Alerts are for the auditor; you are signed in as {actor.role_name.lower()}.")
    with transaction.atomic():
        row = Alert.objects.select_for_update().filter(public_id=alert).first()
        if row is None:
            raise Missing("There is no such alert.")
        if row.person == actor.public_id:
            raise NotAllowed("This alert is about you; another auditor has to see it.")
        if row.seen_at is None:
            row.seen_by, row.seen_at = actor.public_id, now
            row.save(update_fields=["seen_by", "seen_at"])
            record(actor=actor.public_id, action="alert_seen", subject=row.public_id, now=now)
    return row
