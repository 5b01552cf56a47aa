"""One's own decisions: corrected by somebody else, and what was a check."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.assessment.models import Decided, Decision, Reassessment, Turn
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.states import Opinion
from openhotline.core.clock import now
from openhotline.desk.tests.conftest import SignIn
from openhotline.desk.tests.test_assess_page import LETTER_A, NOT_CRIMINAL, decide, open_page
from openhotline.evidence.models import Item
from openhotline.hashlists.models import Entry, EntryMet, Feedback, Member
from openhotline.intake.models import Partner
from openhotline.referral.models import Referral, ReferredItem
from openhotline.referral.states import ReferralState

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(at_desk: Client, queued: list[Item]) -> Decision:
    """A decision of the analyst that was published."""
    Turn.objects.exclude(item=queued[0]).delete()
    decide(at_desk, open_page(at_desk), NOT_CRIMINAL)
    publish_decisions(actor="test", now=now() + timedelta(minutes=1))
    return Decision.objects.get()


def test_the_author_asks_for_a_correction_and_a_senior_reads_why(
    published: Decision, at_desk: Client, senior: Person, sign_in: SignIn
) -> None:
    page = at_desk.get(reverse("desk_decisions")).content.decode()
    assert published.public_id in page
    assert "Not criminal" in page
    at_desk.post(reverse("desk_correct"), {"decision": published.public_id, "note": "The wrong key."})
    assert "In question" in at_desk.get(reverse("desk_decisions")).content.decode()
    review = sign_in(senior).post(reverse("desk_next"), follow=True).content.decode()
    assert "Yours takes its place." in review
    assert "The wrong key." in review
    assert "What was recorded before" in review


def test_a_colleague_who_gave_no_opinion_does_not_ask(
    published: Decision, other_analyst: Person, sign_in: SignIn
) -> None:
    answer = sign_in(other_analyst).post(reverse("desk_correct"), {"decision": published.public_id})
    assert answer.status_code == 403
    assert not Reassessment.objects.exists()


def test_a_check_looks_like_any_other_and_is_told_afterwards(
    published: Decision, senior: Person, sign_in: SignIn
) -> None:
    Turn.objects.create(item=published.item, opinion=Opinion.GOLDEN, queued_at=now())
    desk = sign_in(senior)
    carried = open_page(desk)
    page = desk.get(reverse("desk_assess")).content.decode()
    assert "golden" not in page.lower()
    assert "answer was known" not in page
    answer = decide(desk, carried, LETTER_A)
    assert "This was a check, whose answer was known." in desk.get(answer.headers["Location"]).content.decode()
    assert Decision.objects.get() == published


def test_what_is_marked_hard_to_look_at_goes_to_nobody_who_has_not_said_yes(
    at_desk: Client, other_analyst: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    Turn.objects.exclude(item=queued[0]).delete()
    decide(at_desk, open_page(at_desk) | {"heavy": "yes"}, LETTER_A)
    assert sign_in(other_analyst).post(reverse("desk_next")).headers["Location"] == reverse("desk_queue")


def a_member(name: str) -> Member:
    """An organisation that uses the list."""
    papers = {
        "identity": "register",
        "identity_checked_on": now(),
        "agreement_sha256": "0",
        "agreement_signed_on": now(),
    }
    partner = Partner.objects.create(name=name, hourly=1, added_at=now())
    return Member.objects.create(partner=partner, purpose="uploads", terms={"streams": []}, drafted_at=now(), **papers)


def test_what_members_confirmed_is_counted_by_picture_and_no_member_is_named(
    published: Decision, at_desk: Client
) -> None:
    entry = Entry.objects.create(
        item=published.item, ai_involvement="none_seen", real_child="not_determined", jurisdiction="GB-EAW",
        outcome="photograph", provision="x", consensus=2, listed_at=now(),
    )  # fmt: skip
    for name, verdict in (("First Member", "confirm"), ("Second Member", "confirm"), ("Third Member", "dispute")):
        member = a_member(name)
        Feedback.objects.create(member=member, entry=entry, verdict=verdict, given_at=now())
    page = " ".join(at_desk.get(reverse("desk_decisions")).content.decode().split())
    assert "Of 1 a member has told us that it met and stopped it" in page
    assert not any(name in page.split("<main")[1] for name in ("First Member", "Second Member", "Third Member"))


def test_what_the_police_acknowledged_is_told_apart_from_what_was_handed_over(
    published: Decision, at_desk: Client
) -> None:
    """Brought to them is one thing; that they said they have it another."""
    referral = Referral.objects.create(
        partner="Police", recipient="age1x", manifest="{}", manifest_sha256="0", state=ReferralState.HANDED_OVER,
        drafted_at=now(),
    )  # fmt: skip
    ReferredItem.objects.create(referral=referral, item=published.item)
    page = at_desk.get(reverse("desk_decisions")).content.decode()
    assert "1 was handed over to the police; of 0 they said that they have them." in page
    Referral.objects.update(state=ReferralState.RECEIVED, receipt_at=now())
    page = at_desk.get(reverse("desk_decisions")).content.decode()
    assert "1 was handed over to the police; of 1 they said that they have it." in page


def test_how_often_members_met_ones_work_is_told_of_five_pictures_and_more(
    published: Decision, at_desk: Client, make_item: MakeItem
) -> None:
    """Of one listed picture nothing is told; of five, tens of all of them together."""
    fields = {
        "ai_involvement": "none_seen", "real_child": "not_determined", "jurisdiction": "GB-EAW",
        "outcome": "photograph", "provision": "x", "consensus": 2, "listed_at": now(),
    }  # fmt: skip
    entry = Entry.objects.create(item=published.item, **fields)
    EntryMet.objects.create(entry=entry, day=now().date(), times=47)
    page = " ".join(at_desk.get(reverse("desk_decisions")).content.decode().split())
    assert "met them in these days: how often is told from 5 listed pictures on." in page
    for seed in range(20, 24):
        item = make_item(seed=seed)
        Decided.objects.create(decision=published, item=item, distance=1)
        Entry.objects.create(item=item, **fields)
    page = " ".join(at_desk.get(reverse("desk_decisions")).content.decode().split())
    assert "met them in these days: at least 40 times." in page
    assert "47" not in page.split("<main")[1].split("The newest")[0]
