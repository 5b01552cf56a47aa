"""Somebody says how they want to look."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotNow
from openhotline.exposure.models import View
from openhotline.exposure.queries import why_not_now
from openhotline.exposure.services.grant_view import grant_view
from openhotline.exposure.services.set_wellbeing import set_wellbeing

pytestmark = pytest.mark.django_db


def say(person: Person, now: datetime, hours: float | None, *, heavy: bool = False, consents: bool = False) -> None:
    """Let a person say until when they work, and the rest."""
    ends = None if hours is None else now + timedelta(hours=hours)
    set_wellbeing(shift_ends_at=ends, takes_heavy=heavy, consents=consents, actor=person, now=now)


@pytest.mark.parametrize(("minutes", "sentence"), [(29, None), (30, "ends within 30"), (61, "is over"), (421, None)])
def test_the_last_half_hour_of_a_shift_is_without_pictures_and_so_are_the_hours_after(
    analyst: Person, now: datetime, minutes: int, sentence: str | None
) -> None:
    say(analyst, now, 1)
    why = why_not_now(analyst.public_id, now + timedelta(minutes=minutes))
    assert why is None if sentence is None else sentence in (why or "")


def test_the_media_door_grants_nothing_then(analyst: Person, now: datetime) -> None:
    say(analyst, now, 1)
    with pytest.raises(NotNow, match="shift ends"):
        grant_view(
            subject="itm_a", kind=View.REVEAL, size=1, session="s", actor=analyst, now=now + timedelta(minutes=45)
        )
    assert not View.objects.exists()


def test_another_shift_is_another_persons(analyst: Person, other_analyst: Person, now: datetime) -> None:
    say(analyst, now, 0.25)
    assert why_not_now(other_analyst.public_id, now) is None


@pytest.mark.parametrize("hours", [0, -1, 14.1])
def test_a_shift_ends_later_than_now_and_within_fourteen_hours(analyst: Person, now: datetime, hours: float) -> None:
    with pytest.raises(NotNow, match="within 14 hours"):
        say(analyst, now, hours)


def test_a_consent_is_in_the_log_and_a_yes_to_heavy_things_is_not(analyst: Person, now: datetime) -> None:
    say(analyst, now, None, heavy=True, consents=True)
    assert Record.objects.get(action="wellbeing_set").detail == {"consents": True}
