"""The limits on looking are an operator's file: read, checked, and read again when it changes."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Person
from openhotline.core.errors import Misconfigured, NotNow
from openhotline.exposure.models import SHIPPED_LIMITS, View, read_limits
from openhotline.exposure.models.limits import SHIPPED
from openhotline.exposure.queries import check_may_look_now, exposure_of, limits
from openhotline.exposure.services.note_glimpse import note_glimpse

pytestmark = pytest.mark.django_db


def nothing_settled(*_of: object) -> int:
    return 0


def write(path: Path, *changes: tuple[str, str]) -> Path:
    """Write the shipped file with changes."""
    text = SHIPPED.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text)
    return path


@pytest.fixture
def own(tmp_path: Path, settings: LazySettings) -> Path:
    """An operator's file: a break of five minutes after two, and half an hour a day."""
    path = write(
        tmp_path / "mine.toml",
        ("most_minutes = 50", "most_minutes = 2"),
        ("pause_minutes = 10", "pause_minutes = 5"),
        ("most_hours = 4", "most_hours = 0.5"),
    )
    settings.LOOKING_LIMITS = str(path)
    return path


def glimpse(person: Person, pictures: int, now: datetime) -> None:
    note_glimpse(subject=f"sht_{View.objects.count()}", pictures=pictures, size=1, session="s", actor=person, now=now)


def test_the_shipped_ones_are_fifty_of_sixty_minutes_and_four_hours() -> None:
    assert SHIPPED_LIMITS.most_in_window == timedelta(minutes=50)
    assert (SHIPPED_LIMITS.pause, SHIPPED_LIMITS.most_a_day) == (timedelta(minutes=10), timedelta(hours=4))
    assert limits() is SHIPPED_LIMITS


def test_an_operators_break_comes_when_their_file_says(own: Path, analyst: Person, now: datetime) -> None:
    glimpse(analyst, 119, now)
    check_may_look_now(analyst.public_id, now + timedelta(seconds=119))
    glimpse(analyst, 1, now + timedelta(seconds=119))
    later = now + timedelta(minutes=2)
    with pytest.raises(NotNow, match="2 of the last 60 minutes"):
        glimpse(analyst, 1, later)
    assert View.objects.count() == 2
    check_may_look_now(analyst.public_id, later + timedelta(minutes=5))
    assert exposure_of(analyst, now, settled=nothing_settled).left == 28 * 60


def test_a_change_holds_from_the_next_look_on_and_one_with_an_error_does_not(
    own: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert limits().pause == timedelta(minutes=5)
    write(own, ("pause_minutes = 10", "pause_minutes = 20"))
    assert limits().pause == timedelta(minutes=20)
    own.write_text("[breaks]\nmost_minutes = 'none'\n")
    assert limits().pause == timedelta(minutes=20)
    assert "mine.toml" in caplog.text
    assert "stay in force" in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        ("most_minutes = 50", "most_minutes = 70"),
        ("most_minutes = 50", "most_minutes = 0"),
        ("most_hours = 4", "most_hours = 25"),
        ("counts = 2", "counts = 0.5"),
        ("[heavy]", "[light]"),
        ("pause_minutes = 10", ""),
    ],
)
def test_limits_that_are_not_right_are_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    with pytest.raises(Misconfigured, match=r"mine\.toml"):
        read_limits(write(tmp_path / "mine.toml", change))


def test_a_process_does_not_begin_with_limits_that_are_not_right(tmp_path: Path, settings: LazySettings) -> None:
    settings.LOOKING_LIMITS = str(write(tmp_path / "broken.toml", ("[day]", "[night]")))
    with pytest.raises(Misconfigured, match=r"broken\.toml"):
        limits()
