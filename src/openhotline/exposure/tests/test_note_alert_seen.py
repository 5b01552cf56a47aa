"""An auditor has seen an alert."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed
from openhotline.exposure.models import Alert
from openhotline.exposure.services.note_alert_seen import note_alert_seen
from openhotline.exposure.states import Rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(analyst: Person, now: datetime) -> Alert:
    """One about the analyst."""
    return Alert.objects.create(
        rule=Rule.REPEATED, person=analyst.public_id, on=now.date(), count=9, usual=8, raised_at=now
    )


def test_who_saw_it_first_is_kept(alert: Alert, auditor: Person, now: datetime) -> None:
    note_alert_seen(alert=alert.public_id, actor=auditor, now=now)
    note_alert_seen(alert=alert.public_id, actor=auditor, now=now)
    alert.refresh_from_db()
    assert (alert.seen_by, alert.seen_at) == (auditor.public_id, now)
    assert Record.objects.filter(action="alert_seen").count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_nobody_else_sees_it_away(alert: Alert, auditor: Person, now: datetime, role: Role) -> None:
    auditor.role = role
    with pytest.raises(NotAllowed, match="for the auditor"):
        note_alert_seen(alert=alert.public_id, actor=auditor, now=now)


def test_nobody_sees_away_what_is_about_them(alert: Alert, auditor: Person, now: datetime) -> None:
    Alert.objects.update(person=auditor.public_id)
    with pytest.raises(NotAllowed, match="about you"):
        note_alert_seen(alert=alert.public_id, actor=auditor, now=now)


def test_one_that_is_not_there(auditor: Person, now: datetime) -> None:
    with pytest.raises(Missing):
        note_alert_seen(alert="alt_x", actor=auditor, now=now)
