"""What two people approved begins, and nothing else does."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.audit.models import Record
from openhotline.hashlists.models import Member, Routine, SealedRelease
from openhotline.hashlists.services import begin_routine as beginning
from openhotline.hashlists.services import release_sealed as operation
from openhotline.hashlists.services.begin_routine import begin_routine
from openhotline.hashlists.services.build_sealed_edition import build_sealed_edition
from openhotline.hashlists.services.draft_routine import draft_routine
from openhotline.hashlists.services.release_sealed import release_sealed
from openhotline.hashlists.states import RoutineState, SealedKind

pytestmark = pytest.mark.django_db
KIND = SealedKind.ADDRESSES
HALF_DAY = timedelta(hours=12)
MakeMember = Callable[..., Member]
Show = Callable[..., int]
Begin = Callable[..., Routine]


def out(now: datetime, *members: Member) -> SealedRelease | None:
    found = release_sealed(kind=KIND, actor="step:test", now=now)
    for one in members:
        build_sealed_edition(member=one, kind=KIND, actor="step:test", now=now)
    return found


def test_nothing_goes_out_before_two_people_approved(show: Show, senior: Person, now: datetime) -> None:
    show()
    assert out(now) is None
    drafted = draft_routine(kind=KIND, most_new=9, until=now + timedelta(days=1), actor=senior, now=now)
    assert out(now) is None
    with pytest.raises(NotApproved, match="second person"):
        begin_routine(routine=drafted, actor=senior, now=now)


def test_planted_bug_without_the_approval_one_person_would_begin(
    show: Show, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:

    show()
    drafted = draft_routine(kind=KIND, most_new=9, until=now + timedelta(days=1), actor=senior, now=now)
    monkeypatch.setattr(beginning, "use_approval", lambda **_: None)
    monkeypatch.setattr(operation, "_ended", lambda *_: False)
    begin_routine(routine=drafted, actor=senior, now=now)
    assert out(now) is not None


def test_what_was_begun_takes_the_place_of_what_ran(begin: Begin) -> None:
    first, second = begin(most_new=1), begin(most_new=2)
    first.refresh_from_db()
    assert (first.state, second.state) == (RoutineState.ENDED, RoutineState.RUNNING)


def test_begun_twice_is_begun_once(begin: Begin, senior: Person, now: datetime) -> None:
    row = begin()
    assert begin_routine(routine=row, actor=senior, now=now).begun_at == row.begun_at
    assert Record.objects.filter(action="routine_begun").count() == 1


def test_what_was_approved_is_what_begins(senior: Person, manager: Person, now: datetime) -> None:
    drafted = draft_routine(kind=KIND, most_new=1, until=now + timedelta(days=1), actor=senior, now=now)
    approval = approval_of("routine", drafted.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=drafted.manifest_sha256(), actor=manager, now=now)
    Routine.objects.update(most_new=1_000)
    with pytest.raises(NotApproved):
        begin_routine(routine=drafted, actor=senior, now=now)
