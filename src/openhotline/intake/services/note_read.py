"""Somebody at the desk has read what was told with a report."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.policies import check_can_be_read


def note_read(*, report: str, seen: str, actor: Person, now: datetime) -> Report:
    """Note that a person has read a report (its outside id), so that it no longer waits for one. Again changes nothing.

    ``seen`` is `Report.last_told` as it was when the report was shown. Raises NotAllowed when the role does not read
    reports or vetting and training are not in date, Missing when there is no such report, and NotNow when it waits for
    no person, or more was told meanwhile.
    """
    with transaction.atomic():
        found = Report.objects.select_for_update().filter(public_id=report).first()
        if found is None:
            raise Missing("There is no such report.")
        check_can_be_read(actor, found, seen=seen, now=now)
        if found.read_at is None:
            found.read_at = now
            found.save(update_fields=["read_at"])
            # Which limit an urgent one went over told in which order to read them, and serves no more.
            Quarantined.objects.filter(report=found).delete()
            record(actor=actor.public_id, action="report_read", subject=found.public_id, now=now)
    return found
