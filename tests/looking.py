"""Looks, as the media door grants, shows and ends them."""

from datetime import datetime, timedelta

from openhotline.accounts.models import Person
from openhotline.exposure.models import View
from openhotline.exposure.services.end_view import end_view
from openhotline.exposure.services.grant_view import grant_view
from openhotline.exposure.services.note_glimpse import note_glimpse
from openhotline.exposure.services.redeem_view import redeem_view

SESSION = "looking"
A_SECOND = timedelta(seconds=1)


def glimpse(subject: str, person: Person, now: datetime) -> None:
    """Let somebody see the blurred tile of an item, or those of a sheet (by outside id)."""
    note_glimpse(subject=subject, pictures=1, size=25_600, session=SESSION, actor=person, now=now)


def reveal(subject: str, person: Person, now: datetime, *, held: timedelta = A_SECOND) -> None:
    """Let somebody hold a key and see an item (by outside id), for a second unless said otherwise."""
    token = grant_view(subject=subject, kind=View.REVEAL, size=25_600, session=SESSION, actor=person, now=now)
    redeem_view(token=token, subject=subject, session=SESSION, actor=person, now=now)
    end_view(token=token, seconds=held.total_seconds(), session=SESSION, actor=person, now=now + A_SECOND)
