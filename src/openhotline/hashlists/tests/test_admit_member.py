"""Two people admit a member, on exactly the terms that the second one read."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.hashlists.models import Member, Terms
from openhotline.hashlists.services import admit_member as operation
from openhotline.hashlists.services.admit_member import admit_member
from openhotline.hashlists.services.draft_member import Papers, draft_member
from openhotline.hashlists.states import MemberPurpose, MemberState
from openhotline.intake.services.add_partner import add_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafted(papers: Papers, senior: Person, now: datetime) -> Member:
    partner = add_partner(name="Example Platform", hourly=1, actor="test", now=now)
    return draft_member(
        partner=partner, purpose=MemberPurpose.HOSTING, papers=papers, terms=Terms(), actor=senior, now=now
    )


def test_two_people_admit(make_member: Callable[..., Member], now: datetime) -> None:
    member = make_member()
    assert (member.state, member.admitted_at) == (MemberState.ADMITTED, now)


def test_one_person_does_not(drafted: Member, senior: Person, now: datetime) -> None:
    with pytest.raises(NotApproved, match="second person"):
        admit_member(member=drafted, actor=senior, now=now)


def test_planted_bug_without_the_approval_one_person_would(
    drafted: Member, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "use_approval", lambda **_: None)
    assert admit_member(member=drafted, actor=senior, now=now).state == MemberState.ADMITTED


def test_terms_that_changed_since_are_not_what_was_approved(
    drafted: Member, senior: Person, manager: Person, now: datetime
) -> None:
    approval = approval_of("member", drafted.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=approval.manifest_sha256, actor=manager, now=now)
    Member.objects.update(terms={**drafted.terms, "see_distances": True})
    with pytest.raises(NotApproved, match="is not this member"):
        admit_member(member=drafted, actor=senior, now=now)
