"""What is in question goes out as *disputed*, with the next release and its changes, until a person settles it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.core.jobs import drain
from openhotline.hashlists.models import Dispute, Entry, Member, Release
from openhotline.hashlists.queries import disputes_waiting, release_path
from openhotline.hashlists.queries.editions import canaries_of, changes_path, edition_path
from openhotline.hashlists.queries.members import DISPUTES_END, canaries_in_question
from openhotline.hashlists.services import build_edition
from openhotline.hashlists.services.dispute_entries import dispute_entries
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.give_feedback import give_feedback
from openhotline.hashlists.services.keep_entry import keep_entry
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.states import FeedbackReason, FeedbackVerdict, WithdrawalReason
from openhotline.hashlists.tests.asking import Machine, picture

pytestmark = pytest.mark.django_db
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
Publish = Callable[..., Release]
MakeMember = Callable[..., Member]


@pytest.fixture
def member(make_member: MakeMember) -> Member:
    return make_member(see_states=True)


@pytest.fixture
def two(make_entry: Callable[..., Entry], publish: Publish, member: Member) -> tuple[Entry, Entry]:
    """Two entries that are out."""
    found = make_entry(pdq=PDQ), make_entry()
    publish(member)
    return found


@pytest.fixture
def question(now: datetime) -> Callable[[Entry], None]:
    """Put an entry in question."""

    def ask(entry: Entry) -> None:
        reason = WithdrawalReason.FEEDBACK
        dispute_entries(item_ids=[entry.item_id], reason=reason, actor="step:test", now=now)

    return ask


@pytest.fixture
def keep(senior: Person, now: datetime) -> Callable[[], None]:
    """Keep all that is in question."""

    def settle() -> None:
        for one in disputes_waiting():
            keep_entry(dispute=one.public_id, actor=senior, now=now)

    return settle


def lines_of(version: int) -> dict[str, Any]:
    """Return the lines of a release by entry."""
    return {one["entry"]: one for one in map(json.loads, release_path(version).read_text().splitlines()[2:])}


def states(member: Member, version: int) -> dict[str, str]:
    """Return what a member's edition says of where each entry stands."""
    lines = map(json.loads, edition_path(member, version).read_text().splitlines()[2:])
    return {one["entry"]: one["state"] for one in lines}


def test_a_dispute_goes_out_with_the_next_release_and_its_end_with_the_one_after(
    two: tuple[Entry, Entry],
    member: Member,
    publish: Publish,
    question: Callable[[Entry], None],
    keep: Callable[[], None],
) -> None:
    """Nothing but the state changed, and the changes lead to exactly that entry."""
    question(two[0])
    out = publish(member)
    assert out.manifest["delta"] == {"added": 0, "changed": 1, "withdrawn": 0}
    assert [lines_of(2)[one.public_id]["state"] for one in two] == ["disputed", "active"]
    assert [lines_of(2)[one.public_id]["since"] for one in two] == [2, 1]
    (changed,) = map(json.loads, changes_path(member, 2).read_text().splitlines()[2:])
    assert (changed["entry"], changed["state"]) == (two[0].public_id, "disputed")
    keep()
    publish(member)
    assert (lines_of(3)[two[0].public_id]["state"], lines_of(3)[two[0].public_id]["since"]) == ("active", 3)


def test_it_stays_since_the_version_that_said_so(
    two: tuple[Entry, Entry],
    make_entry: Callable[..., Entry],
    publish: Publish,
    question: Callable[[Entry], None],
) -> None:
    """Still in question, it is no news of the versions that follow."""
    question(two[0])
    publish()
    make_entry()
    publish()
    assert (lines_of(3)[two[0].public_id]["state"], lines_of(3)[two[0].public_id]["since"]) == ("disputed", 2)


def test_a_release_is_not_stopped_by_a_dispute_that_comes_after_its_draft(
    two: tuple[Entry, Entry],
    make_entry: Callable[..., Entry],
    question: Callable[[Entry], None],
    senior: Person,
    manager: Person,
    publish: Publish,
    now: datetime,
) -> None:
    """A member could hold up every release otherwise; the next one says it."""
    make_entry()
    drafted = draft_release(actor=senior, now=now)
    question(two[0])
    sign(drafted, manager, now)
    publish_release(release_id=drafted.pk, actor=senior, now=now)
    assert lines_of(2)[two[0].public_id]["state"] == "active"
    publish()
    assert lines_of(3)[two[0].public_id]["state"] == "disputed"


def sign(drafted: Release, second: Person, now: datetime) -> None:
    """Approve a release as the second person."""
    approval = approval_of("release", drafted.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=drafted.manifest_sha256, actor=second, now=now)


def test_a_draft_that_would_take_a_state_back_unsaid_is_refused(
    two: tuple[Entry, Entry],
    make_entry: Callable[..., Entry],
    question: Callable[[Entry], None],
    keep: Callable[[], None],
    senior: Person,
    manager: Person,
    now: datetime,
) -> None:
    """Two drafts lie there; the older says *disputed* and goes out first, the newer has it as it was before."""
    question(two[0])
    first = draft_release(actor=senior, now=now)
    keep()
    make_entry()
    second = draft_release(actor=senior, now=now)
    for one in (first, second):
        sign(one, manager, now)
    publish_release(release_id=first.pk, actor=senior, now=now)
    with pytest.raises(NotApproved, match="Draft it again"):
        publish_release(release_id=second.pk, actor=senior, now=now)


def test_a_match_says_so_where_that_was_agreed(
    two: tuple[Entry, Entry],
    member: Member,
    make_member: MakeMember,
    machine_of: Callable[..., Machine],
    publish: Publish,
    question: Callable[[Entry], None],
) -> None:
    """As the last version says, and not by one member's word alone; who sees no states sees what it saw before."""
    machine, other = machine_of(member), machine_of(make_member("Sees No States"))
    question(two[0])
    assert machine.match(picture(PDQ))[0]["matches"][0]["state"] == "active"
    publish(member)
    assert machine.match(picture(PDQ))[0]["matches"][0]["state"] == "disputed"
    assert "state" not in other.match(picture(PDQ))[0]["matches"][0]


@pytest.fixture
def all_disputed(two: tuple[Entry, Entry], member: Member, now: datetime) -> Member:
    """A member that disputes every line of its list, one after another, to see which are taken otherwise."""
    for name in states(member, 1):
        give_feedback(
            member=member,
            entry=name,
            verdict=FeedbackVerdict.DISPUTE,
            reason=FeedbackReason.ANOTHER_PICTURE,
            actor="key_test",
            now=now,
        )
    drain()
    # As if the steps had followed at once, by the clock of the story.
    Dispute.objects.update(raised_at=now)
    return member


def test_canaries_are_in_question_and_kept_like_entries(
    all_disputed: Member, publish: Publish, keep: Callable[[], None]
) -> None:
    """Who disputes all of its list sees all of it in question, and all of it kept once people have settled that."""
    publish(all_disputed)
    assert set(states(all_disputed, 2).values()) == {"disputed"}
    keep()
    publish(all_disputed)
    assert set(states(all_disputed, 3).values()) == {"active"}


def test_planted_bug_canaries_that_are_never_in_question_are_told_by_disputing_all(
    all_disputed: Member, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stays active of a list that was disputed whole would be the canaries."""
    monkeypatch.setattr(build_edition, "canaries_in_question", lambda *_: set())
    publish(all_disputed)
    told = {name for name, state in states(all_disputed, 2).items() if state == "active"}
    assert told == {one.name for one in canaries_of(all_disputed)}


def test_a_canary_is_in_question_no_longer_than_two_weeks(all_disputed: Member, now: datetime) -> None:
    """Also where nobody disputes anything after it."""
    names = {one.name for one in canaries_of(all_disputed)}
    for after, wanted in ((timedelta(), names), (DISPUTES_END, set())):
        assert canaries_in_question(all_disputed, now + after) == wanted
