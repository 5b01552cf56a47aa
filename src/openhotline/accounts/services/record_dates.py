"""A manager records until when somebody's vetting and training hold."""

from datetime import date, datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_change, name_of
from openhotline.audit.services.record import record


def record_dates(
    *, person_id: int, vetted_until: date | None, trained_until: date | None, actor: Person | None, now: datetime
) -> Person:
    """Keep both dates as given; ``None`` means that nothing is recorded: they neither assess, sign nor read reports.

    The log says that they were recorded and not what they are. Raises NotAllowed: nobody vouches for themselves.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        check_can_change(actor, person)
        person.vetted_until = vetted_until
        person.trained_until = trained_until
        person.save(update_fields=["vetted_until", "trained_until"])
        record(
            actor=name_of(actor),
            action="dates_recorded",
            subject=person.public_id,
            now=now,
            detail={"vetting": vetted_until is not None, "training": trained_until is not None},
        )
    return person
