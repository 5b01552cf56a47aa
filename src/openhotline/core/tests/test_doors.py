"""Addresses of other doors, and passes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.doors import GOOD_FOR, Pass, link, next_link, read, write

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@given(session=TEXT, subject=TEXT)
def test_a_pass_says_what_was_written(session: str, subject: str) -> None:
    written = Pass(session, subject, "route")
    assert read(write(written, NOW), NOW) == written


def test_the_next_link_has_a_pass_of_its_own_that_is_good_no_longer(settings: LazySettings) -> None:
    settings.ORIGINS = settings.ORIGINS | {"media": "https://media.hotline.example"}
    used = read(write(Pass("session", "itm_1", "route"), NOW), NOW)
    assert used is not None
    place, _, text = next_link(used, "/media/x/").partition("?pass=")
    after = read(text, NOW + GOOD_FOR - timedelta(seconds=1))
    assert (place, after is not None, after == used) == ("https://media.hotline.example/media/x/", True, False)
    assert read(text, NOW + GOOD_FOR) is None


@given(place=st.integers(0), bit=st.integers(0, 7))
def test_a_changed_pass_is_none(place: int, bit: int) -> None:
    text = write(Pass("session", "itm_1", "route"), NOW)
    at = place % (len(text) - 1)  # the last letter has bits that say nothing
    changed = text[:at] + chr(ord(text[at]) ^ 1 << bit) + text[at + 1 :]
    assert read(changed, NOW) is None


@given(text=st.text(max_size=200))
def test_anything_else_is_none(text: str) -> None:
    assert read(text, NOW) is None


def test_a_pass_is_good_for_a_quarter_of_an_hour_and_not_before_its_time() -> None:
    text = write(Pass("session", "itm_1", "route"), NOW)
    assert read(text, NOW + GOOD_FOR - timedelta(seconds=1)) is not None
    assert read(text, NOW + GOOD_FOR) is None
    assert read(text, NOW - timedelta(seconds=1)) is None


def test_what_is_in_it_cannot_be_read() -> None:
    assert "session-key" not in write(Pass("session-key", "itm_1", "route"), NOW)


def test_two_passes_for_the_same_differ() -> None:
    assert write(Pass("session", "itm_1", "route"), NOW) != write(Pass("session", "itm_1", "route"), NOW)


@pytest.mark.parametrize(
    ("door", "origin", "begins"),
    [
        ("all", "https://media.hotline.example", "/media/tile/itm_1/"),
        ("desk", "", "/media/tile/itm_1/"),
        ("desk", "https://media.hotline.example", "https://media.hotline.example/media/tile/itm_1/?pass="),
    ],
)
def test_only_a_door_of_another_origin_needs_one(settings: LazySettings, door: str, origin: str, begins: str) -> None:
    settings.DOOR, settings.ORIGINS = door, settings.ORIGINS | {"media": origin}
    assert link("media_tile", door="media", subject="itm_1", session="s", now=NOW).startswith(begins)
