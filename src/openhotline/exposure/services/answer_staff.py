"""Somebody who works here asks what is held about them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.audit.services.record import record
from openhotline.exposure.models import Alert, View, Wellbeing

LOOKS = ("subject", "kind", "pictures", "size", "granted_at", "shown_at", "seconds", "weight", "simulated")
ALERTS = ("public_id", "rule", "subject", "on", "count", "usual", "raised_at", "seen_at")
WELLBEING = ("shift_ends_at", "takes_heavy", "consents", "changed_at")
ACTS = ("at", "action", "subject", "count")


def answer_staff(*, person: Person, actor: str, now: datetime) -> dict[str, Any]:
    """Return a copy of what is held about a person who works here: row, looks, wishes, alerts, and acts in the log.

    Who asked about an alert is left out: that is somebody else's data, and the officer decides about it.
    """
    with transaction.atomic():
        about = {
            "person": {name: getattr(person, name) for name in ("public_id", "username", "name", "role", "is_active")},
            "looks": _rows(View.objects.filter(person=person.public_id).order_by("pk"), LOOKS),
            "wellbeing": _rows(Wellbeing.objects.filter(person=person.public_id), WELLBEING),
            "alerts": _rows(Alert.objects.filter(person=person.public_id).order_by("pk"), ALERTS),
            "acts": _rows(Record.objects.filter(actor=person.public_id).order_by("pk"), ACTS),
        }
        record(actor=actor, action="staff_answered", subject=person.public_id, now=now)
    return about


def _rows(rows: QuerySet[Any], fields: tuple[str, ...]) -> list[dict[str, Any]]:
    return list(rows.values(*fields))
