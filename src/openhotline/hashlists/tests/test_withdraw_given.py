"""Entries that a partner's list gave leave ours: at once, with their hashes, and alone."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.hashlists.models import Entry, GivenHash, Member, Release
from openhotline.hashlists.models.their_formats import Theirs
from openhotline.hashlists.queries import disputes_waiting
from openhotline.hashlists.services.dispute_entries import dispute_given
from openhotline.hashlists.services.import_theirs import Taken
from openhotline.hashlists.services.serve_release import serve_release
from openhotline.hashlists.services.withdraw_given import withdraw_given
from openhotline.hashlists.states import EntryState, WithdrawalReason

pytestmark = pytest.mark.django_db


def test_what_people_here_assessed_is_left_alone(both: tuple[Entry, Entry, Member], now: datetime) -> None:
    """Twice is once, and what was in question is settled with it."""
    ours, theirs, _ = both
    dispute_given(entries=[theirs.pk], actor="step:test", now=now)
    left = {"entries": [ours, theirs], "reason": WithdrawalReason.OWNER, "actor": "step:test", "now": now}
    assert (withdraw_given(**left), withdraw_given(**left)) == (1, 0)  # type: ignore[arg-type] # as given
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.state, theirs.state) == (EntryState.ACTIVE, EntryState.WITHDRAWN)
    assert not GivenHash.objects.exists()
    assert not disputes_waiting().exists()


def test_what_left_before_it_was_served_is_passed_over(
    both: tuple[Entry, Entry, Member], give: Callable[..., Taken], release: Callable[[], Release], now: datetime
) -> None:
    """No hash of it is left, and serving goes on to its end all the same."""
    release()
    give(Theirs(1, name="e1", gone=True), file="b" * 64)
    assert serve_release(version=1, actor="step:test", now=now) == 1
