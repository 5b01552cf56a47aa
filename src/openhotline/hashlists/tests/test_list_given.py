"""What a partner's exploitative list says becomes entries, once, and what it takes back leaves."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

import pytest

from openhotline.accounts.models import Person
from openhotline.hashlists.models import Entry, GivenHash, Member
from openhotline.hashlists.models.their_formats import Theirs
from openhotline.hashlists.services.import_theirs import BATCH, Taken, pieces
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import NO_LAW, EntryState, HashKind, Stream, WithdrawalReason
from openhotline.hashlists.tests.giving import MD5, SHA1, THEIRS, entry_of

pytestmark = pytest.mark.django_db


def test_one_entry_of_theirs_is_one_here_with_its_hashes_source_and_no_law(
    both: tuple[Entry, Entry, Member],
) -> None:
    _, theirs, _ = both
    assert {one.kind: one.value for one in theirs.given.all()} == {"md5": MD5, "pdq": THEIRS}
    assert theirs.given_by is not None
    assert (theirs.given_by.source, theirs.given_by.sharing) == ("Example Partner", "onward")
    assert (theirs.stream, theirs.outcome, theirs.category) == (Stream.EXPLOITATIVE, NO_LAW, "")
    assert (theirs.real_child, theirs.ai_involvement, theirs.sharing) == ("not_determined",) * 3


def test_what_changed_at_its_owner_is_another_entry_and_the_same_again_changes_nothing(
    both: tuple[Entry, Entry, Member], give: Callable[..., Taken]
) -> None:
    _, theirs, _ = both
    assert give(*entry_of(1, "e1", md5=MD5, pdq=THEIRS), file="b" * 64) == Taken(0, 0, 0)
    assert give(*entry_of(1, "e1", md5=MD5), file="c" * 64) == Taken(1, 2, 0)
    theirs.refresh_from_db()
    assert theirs.state == EntryState.WITHDRAWN
    assert Entry.objects.filter(given_by__isnull=False, state=EntryState.ACTIVE).count() == 1


def test_what_people_here_withdrew_does_not_come_back_with_the_next_file(
    both: tuple[Entry, Entry, Member], give: Callable[..., Taken], senior: Person, now: datetime
) -> None:
    """Unlike what its owner took back and gave again, of which no hash was kept meanwhile."""
    _, theirs, _ = both
    withdraw_entry(entry=theirs.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    assert give(*entry_of(1, "e1", md5=MD5, pdq=THEIRS), file="b" * 64) == Taken(0, 0, 0)
    give(*entry_of(2, "e2", sha1=SHA1), file="c" * 64)
    give(Theirs(1, name="e2", gone=True), file="d" * 64)
    assert not GivenHash.objects.exclude(entry=theirs).exists()
    assert give(*entry_of(1, "e2", sha1=SHA1), file="e" * 64) == Taken(1, 0, 0)


def test_of_two_without_names_that_share_a_hash_neither_takes_the_place_of_the_other(
    give: Callable[..., Taken],
) -> None:
    assert give(*entry_of(1, md5=MD5, pdq=THEIRS), *entry_of(2, sha1=SHA1, pdq=THEIRS)) == Taken(4, 0, 0)
    assert Entry.objects.filter(state=EntryState.ACTIVE).count() == 2


def test_a_hash_that_is_taken_back_without_a_name_takes_its_entry_with_it(
    give: Callable[..., Taken],
) -> None:
    give(*entry_of(1, md5=MD5, pdq=THEIRS))
    assert give(Theirs(1, HashKind.MD5, MD5, gone=True), file="b" * 64) == Taken(0, 2, 0)
    assert not Entry.objects.filter(state=EntryState.ACTIVE).exists()


def test_no_entry_is_cut_in_two_by_the_pieces_of_a_file() -> None:
    lines = [line for place in range(BATCH) for line in entry_of(place, md5=MD5, sha1=SHA1, pdq=THEIRS)]
    found = list(pieces(lines))
    assert [line for piece in found for line in piece] == lines
    assert all(one[-1].place != two[0].place for one, two in pairwise(found))
