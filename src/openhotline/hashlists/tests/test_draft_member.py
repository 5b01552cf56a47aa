"""A member is written down by one person, whole, and can do nothing yet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.hashlists.errors import NoMember
from openhotline.hashlists.models import Member, Terms
from openhotline.hashlists.services.draft_member import Papers, draft_member
from openhotline.hashlists.services.make_member_key import make_member_key
from openhotline.hashlists.states import MemberPurpose, MemberState
from openhotline.intake.models import Partner
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.states import Scope

pytestmark = pytest.mark.django_db
Draft = Callable[..., Member]


@pytest.fixture
def partner(db: None, now: datetime) -> Partner:
    return add_partner(name="Example Platform", hourly=1, actor="test", now=now)


@pytest.fixture
def draft(partner: Partner, papers: Papers, senior: Person, now: datetime) -> Draft:
    def make(**other: object) -> Member:
        said = {"partner": partner, "purpose": MemberPurpose.UPLOADS, "papers": papers, "terms": Terms()}
        return draft_member(**{**said, "actor": senior, "now": now, **other})  # type: ignore[arg-type]

    return make


def test_a_draft_asks_a_second_person_about_exactly_this(draft: Draft) -> None:
    member = draft()
    approval = approval_of("member", member.public_id)
    assert approval is not None
    assert (member.state, approval.manifest_sha256) == (MemberState.DRAFTED, member.manifest_sha256())


def test_a_draft_gets_no_key(draft: Draft, senior: Person, now: datetime) -> None:
    with pytest.raises(NoMember, match="identity check, a signed agreement and two people"):
        make_member_key(member=draft(), scopes=[Scope.MATCH], expires_at=now + timedelta(days=1), actor=senior, now=now)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"terms": Terms(streams=())}, "names streams"),
        ({"terms": Terms(daily=0)}, "0 hashes a day"),
    ],
)
def test_terms_that_are_not_whole_are_refused(draft: Draft, other: dict[str, object], sentence: str) -> None:
    with pytest.raises(NotNow, match=sentence):
        draft(**other)


def test_papers_that_are_not_whole_are_refused(draft: Draft, papers: Papers, now: datetime) -> None:
    with pytest.raises(NotNow, match="SHA-256"):
        draft(papers=replace(papers, agreement_sha256="yes"))
    with pytest.raises(NotNow, match="lies ahead"):
        draft(papers=replace(papers, identity_checked_on=now.date() + timedelta(days=1)))


def test_an_analyst_does_not_draft(draft: Draft, analyst: Person) -> None:
    with pytest.raises(NotAllowed, match="does not keep the list"):
        draft(actor=analyst)


def test_new_terms_of_a_member_take_two_people_again(make_member: Callable[..., Member], draft: Draft) -> None:
    member = make_member("Another Platform")
    assert draft(partner=member.partner, terms=Terms(see_ids=True)).state == MemberState.DRAFTED
