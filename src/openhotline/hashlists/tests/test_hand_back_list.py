"""A partner's exploitative list is passed on no more, and may be given again."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.hashlists.errors import ListMissing
from openhotline.hashlists.models import Entry, GivenHash, Member
from openhotline.hashlists.services.hand_back_list import hand_back_list
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.import_theirs import Taken
from openhotline.hashlists.states import HashKind, Verdict
from openhotline.hashlists.tests.giving import MD5, ORIGIN, THEIRS, entry_of

pytestmark = pytest.mark.django_db


def test_only_who_keeps_the_list_hands_back_and_only_what_is_passed_on(
    both: tuple[Entry, Entry, Member], analyst: Person, senior: Person, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        hand_back_list(name=ORIGIN.list_name, actor=analyst, now=now)
    import_known(list_name="known", verdict=Verdict.KNOWN, lines=[MD5], kind=HashKind.MD5, actor="test", now=now)
    with pytest.raises(NotNow, match="nothing to hand back"):
        hand_back_list(name="known", actor=senior, now=now)
    with pytest.raises(ListMissing):
        hand_back_list(name="absent", actor=senior, now=now)


def test_a_list_that_was_handed_back_may_be_given_again(
    both: tuple[Entry, Entry, Member], give: Callable[..., Taken], senior: Person, now: datetime
) -> None:
    """The same file is read from its beginning; meanwhile none of its hashes was kept."""
    hand_back_list(name=ORIGIN.list_name, actor=senior, now=now)
    assert not GivenHash.objects.exists()
    assert give(*entry_of(1, "e1", md5=MD5, pdq=THEIRS)) == Taken(2, 0, 0)
