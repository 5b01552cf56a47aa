"""Small blurred tiles come onto the screen."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotNow
from openhotline.exposure.models import View
from openhotline.exposure.services.note_glimpse import note_glimpse

pytestmark = pytest.mark.django_db


@pytest.fixture
def glimpse(analyst: Person, now: datetime) -> Callable[..., View]:
    """Glimpse a sheet of sixty tiles."""

    def look(**other: object) -> View:
        fields = {"subject": "sht_a", "pictures": 60, "size": 160 * 120, "session": "s", "actor": analyst, "now": now}
        return note_glimpse(**fields | other)

    return look


def test_a_sheet_is_one_row_however_many_tiles_are_asked_for(glimpse: Callable[..., View]) -> None:
    assert glimpse().pk == glimpse().pk
    assert View.objects.get().seconds == 60
    assert Record.objects.filter(action="glimpse_noted").count() == 1


def test_another_session_or_sheet_is_another_row(glimpse: Callable[..., View]) -> None:
    glimpse(), glimpse(session="later"), glimpse(subject="sht_b")
    assert View.objects.count() == 3


def test_a_spent_day_shows_no_tile(glimpse: Callable[..., View], looked: Callable[..., View]) -> None:
    looked(360, 4 * 3600)
    with pytest.raises(NotNow):
        glimpse()


def test_the_tiles_on_the_screen_stay_when_a_break_falls_due(
    glimpse: Callable[..., View], looked: Callable[..., View]
) -> None:
    """A sheet that was begun can be finished; the next one waits."""
    glimpse()
    looked(360, 4 * 3600)
    assert glimpse()
