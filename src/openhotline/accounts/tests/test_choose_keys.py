"""Somebody chooses the keys with which they work."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.accounts.errors import KeysClash
from openhotline.accounts.models import KeyChoice, Person
from openhotline.accounts.policies import check_keys
from openhotline.accounts.queries import key_choice
from openhotline.accounts.services.choose_keys import choose_keys

OFFERED = "dxj"


@pytest.mark.django_db
def test_a_choice_is_kept_for_the_person_alone(analyst: Person, other_analyst: Person, now: datetime) -> None:
    choose_keys(on=True, keys={"d": "e"}, offered=OFFERED, actor=analyst, now=now)
    assert key_choice(analyst).keys == {"d": "e"}
    assert key_choice(other_analyst).keys == {}


@pytest.mark.django_db
def test_switching_off_leaves_the_keys_as_they_are(analyst: Person, now: datetime) -> None:
    choose_keys(on=True, keys={"d": "e"}, offered=OFFERED, actor=analyst, now=now)
    choose_keys(on=False, keys=None, offered=OFFERED, actor=analyst, now=now)
    row = KeyChoice.objects.get()
    assert (row.on, row.keys) == (False, {"d": "e"})


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"d": "x"}, "would do two things"),
        ({"d": "ee"}, "is no key"),
        ({"d": "\n"}, "is no key"),
        ({"q": "e"}, "no key 'q'"),
    ],
)
def test_what_cannot_be_pressed_or_means_two_things_is_refused(chosen: dict[str, str], sentence: str) -> None:
    with pytest.raises(KeysClash, match=sentence):
        check_keys(chosen, OFFERED)


def test_two_keys_may_change_places() -> None:
    assert check_keys({"d": "x", "x": "d"}, OFFERED) == {"d": "x", "x": "d"}


@given(st.dictionaries(st.sampled_from(OFFERED), st.characters(), max_size=3))
def test_whatever_is_kept_gives_every_thing_a_key_of_its_own(chosen: dict[str, str]) -> None:
    try:
        kept = check_keys(chosen, OFFERED)
    except KeysClash:
        return
    assert len({kept.get(key, key) for key in OFFERED}) == len(OFFERED)
