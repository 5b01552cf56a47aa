"""A list manager says how an imported list is matched."""

from dataclasses import replace
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.core.models import Event
from openhotline.hashlists.errors import ListMissing, ListRuleRefused
from openhotline.hashlists.models import KnownList
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.set_known_list import Matching, set_known_list
from openhotline.hashlists.states import HashKind, Verdict

pytestmark = pytest.mark.django_db
CLOSE = Matching(near_radius=10, least_quality=80, upright=True, flood_after=5)


@pytest.fixture(autouse=True)
def theirs(now: datetime) -> None:
    """An imported list of one picture."""
    import_known(list_name="theirs", verdict=Verdict.KNOWN, lines=["0a" * 32], kind=HashKind.PDQ, actor="test", now=now)


def test_a_new_list_reaches_31_bits_in_eight_positions_from_quality_50_on() -> None:
    row = KnownList.objects.get()
    assert (row.near_radius, row.least_quality, row.upright, row.flood_after) == (31, 50, None, None)


def test_the_rules_of_a_list_are_set_and_its_pictures_compared_anew(manager: Person, now: datetime) -> None:
    set_known_list(name="theirs", matching=CLOSE, actor=manager, now=now)
    row = KnownList.objects.get()
    assert {name: getattr(row, name) for name in vars(CLOSE)} == vars(CLOSE)
    assert Event.objects.filter(kind="KnownPicturesChanged").count() == 2
    assert Record.objects.get(action="known_list_set").actor == manager.public_id


def test_the_same_again_changes_nothing(manager: Person, now: datetime) -> None:
    set_known_list(name="theirs", matching=CLOSE, actor=manager, now=now)
    set_known_list(name="theirs", matching=CLOSE, actor=manager, now=now)
    assert Record.objects.filter(action="known_list_set").count() == 1


@pytest.mark.parametrize(
    "changes", [{"near_radius": 32}, {"near_radius": -1}, {"least_quality": 49}, {"least_quality": 101}]
)
def test_planted_bug_a_list_that_reached_where_pdq_says_nothing_is_refused(
    manager: Person, now: datetime, changes: dict[str, int]
) -> None:
    with pytest.raises(ListRuleRefused):
        set_known_list(name="theirs", matching=replace(CLOSE, **changes), actor=manager, now=now)


def test_a_list_that_is_not_there_is_told_by_the_names_that_are(manager: Person, now: datetime) -> None:
    with pytest.raises(ListMissing, match="There are: theirs"):
        set_known_list(name="ours", matching=CLOSE, actor=manager, now=now)


def test_an_analyst_does_not_keep_lists(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        set_known_list(name="theirs", matching=CLOSE, actor=analyst, now=now)
