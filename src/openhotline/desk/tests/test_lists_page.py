"""On the page of the hash list: entries in question, entries that are held, and the lists of others."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.core.clock import now as clock_now
from openhotline.desk.queries.waiting import waiting
from openhotline.desk.states import WITHDRAWAL_WORDS
from openhotline.desk.tests.conftest import SignIn
from openhotline.evidence.models import Item
from openhotline.hashlists.models import Dispute, Entry, Feedback, Listable, Member, QueryFlag, Routine
from openhotline.hashlists.services.dispute_entries import dispute_entries
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.list_items import list_items
from openhotline.hashlists.states import HashKind, RoutineState, SealedKind, Verdict, WithdrawalReason
from openhotline.intake.services.add_partner import add_partner
from openhotline.triage.models import HeldEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispute(unsorted: list[Item], now: datetime) -> Dispute:
    offered = Listable(
        item_id=unsorted[0].pk, ai_involvement="wholly_synthetic", real_child="", jurisdiction="GB-EAW",
        outcome="pseudo_photograph", category="B", provision="Protection of Children Act 1978 s1", consensus=2,
    )  # fmt: skip
    list_items(listables=[offered], actor="step:test", now=now)
    (found,) = dispute_entries(
        item_ids=[unsorted[0].pk], reason=WithdrawalReason.LAW_CHANGED, actor="step:test", now=now
    )
    return found


@pytest.fixture
def keeper(senior: Person, sign_in: SignIn) -> Client:
    return sign_in(senior)


def test_it_says_what_is_in_question_and_why(keeper: Client, dispute: Dispute) -> None:
    page = keeper.get(reverse("desk_lists")).content.decode()
    assert dispute.entry.public_id in page
    assert WITHDRAWAL_WORDS["law_changed"] in page
    assert "Assessed here. What led to it came by" in page


def test_it_says_what_members_said_and_which_queries_to_ask_about(
    keeper: Client, dispute: Dispute, now: datetime
) -> None:
    partner = add_partner(name="Example Platform", hourly=1, actor="test", now=now)
    papers = {"identity": "register", "identity_checked_on": now.date(), "agreement_signed_on": now.date()}
    member = Member.objects.create(partner=partner, purpose="uploads", terms={"streams": []}, drafted_at=now, **papers)
    QueryFlag.objects.create(member=member, related=104, raised_at=now)
    Feedback.objects.create(member=member, entry=dispute.entry, verdict="dispute", reason="adult", given_at=now)
    page = keeper.get(reverse("desk_lists")).content.decode()
    assert "Example Platform disputes it: everybody in the picture is an adult." in page
    assert "About 104 related queries" in page


@pytest.mark.parametrize(("route", "state"), [("desk_list_keep", "active"), ("desk_list_withdraw", "withdrawn")])
def test_one_button_keeps_it_and_the_other_withdraws(keeper: Client, dispute: Dispute, route: str, state: str) -> None:
    keeper.post(reverse(route), {"dispute": dispute.public_id})
    assert Entry.objects.get().state == state
    assert "In question" not in keeper.get(reverse("desk_lists")).content.decode()


def test_what_was_settled_meanwhile_is_a_sentence(keeper: Client, dispute: Dispute) -> None:
    keeper.post(reverse("desk_list_keep"), {"dispute": dispute.public_id})
    answer = keeper.post(reverse("desk_list_withdraw"), {"dispute": dispute.public_id})
    assert "not in question any more" in answer.content.decode()
    assert Entry.objects.get().state == "active"


def test_every_reason_has_its_words() -> None:
    assert set(WITHDRAWAL_WORDS) == set(WithdrawalReason)


def test_a_held_entry_is_released(sign_in: SignIn, senior: Person, now: datetime) -> None:
    held = HeldEntry.objects.create(list_name="theirs", entry="kno_1", matched=200, limit=100, held_at=now)
    client = sign_in(senior)
    page = client.get(reverse("desk_lists")).content.decode()
    assert "200 pictures, 100 allowed" in page
    client.post(reverse("desk_list_held"), {"held": held.public_id, "act": "release"})
    held.refresh_from_db()
    assert held.state == "released"
    assert "Let it act again" not in client.get(reverse("desk_lists")).content.decode()


def test_lists_of_others_say_how_they_are_matched(sign_in: SignIn, senior: Person, now: datetime) -> None:
    import_known(list_name="theirs", verdict=Verdict.KNOWN, lines=["0a" * 32], kind=HashKind.PDQ, actor="test", now=now)
    page = " ".join(sign_in(senior).get(reverse("desk_lists")).content.decode().split())
    assert "Near pictures are matched to 31 bits, from quality 50 on, in eight positions" in page


@pytest.fixture
def routine(now: datetime) -> Routine:
    """A list that runs by the clock and holds something back."""
    return Routine.objects.create(
        kind=SealedKind.ADDRESSES, most_new=3, until=clock_now() + timedelta(days=1), state=RoutineState.RUNNING,
        drafted_at=now, begun_at=now, held_at=now,
    )  # fmt: skip


def test_a_list_that_holds_something_back_says_so_and_is_counted(
    keeper: Client, senior: Person, routine: Routine
) -> None:
    page = keeper.get(reverse("desk_lists")).content.decode()
    assert "Held back: addresses" in page
    assert "More than 3 lines are new" in page
    assert waiting(senior, clock_now()).lists == 1


def test_a_list_that_holds_nothing_back_is_not_told_of(keeper: Client, senior: Person, routine: Routine) -> None:
    Routine.objects.update(held_at=None)
    assert "Held back" not in keeper.get(reverse("desk_lists")).content.decode()
    assert waiting(senior, clock_now()).lists is None
