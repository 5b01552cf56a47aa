"""The police answered about what was referred: a person writes it down, and somebody else decides again, blind."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from openhotline import journey
from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.states import Role
from openhotline.assessment.models import Assessment, Decided, Decision, Outcome, Reassessment, Turn
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.states import DecisionState, Opinion, ReassessmentState, Source
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.core.jobs import drain
from openhotline.evidence.models import Item
from openhotline.hashlists.models import Dispute, Entry
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import PoliceAnswer, Referral
from openhotline.referral.queries import answers_about
from openhotline.referral.services.hand_over import hand_over
from openhotline.referral.services.note_answer import note_answer
from openhotline.referral.states import CameOfAnswer, PoliceSays

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(decided: Callable[..., Item]) -> Item:
    """An item that people called criminal."""
    return decided(ai_involvement="none_seen", real_child="not_determined")


@pytest.fixture
def out(item: Item, built: Callable[..., Referral], now: datetime) -> Referral:
    """A referral of it that the partner has."""
    return hand_over(referral_id=built(item).pk, actor="step:x", now=now)


@pytest.fixture
def entry(item: Item, now: datetime) -> Entry:
    """It stands on the list."""
    return Entry.objects.create(
        item=item, ai_involvement="none_seen", real_child="not_determined", jurisdiction="GB-EAW",
        outcome="pseudo_photograph", provision="x", consensus=2, listed_at=now,
    )  # fmt: skip


@pytest.fixture
def answered(out: Referral, item: Item, senior: Person, now: datetime) -> Callable[..., PoliceAnswer]:
    """The senior writes down what the police say of it."""

    def note(says: PoliceSays = PoliceSays.WRONG, words: str = "", named: str = item.public_id) -> PoliceAnswer:
        return note_answer(referral_id=out.pk, item=named, says=says, words=words, actor=senior, now=now)

    return note


def test_what_the_police_call_wrong_is_decided_again_and_its_entry_is_in_question(
    answered: Callable[..., PoliceAnswer], entry: Entry
) -> None:
    answered()
    drain()
    asked = Reassessment.objects.get()
    assert (asked.source, asked.state) == (Source.POLICE, ReassessmentState.OPEN)
    assert Turn.objects.get(opinion=Opinion.REVIEW).item == asked.decision.item
    assert Dispute.objects.get().entry == entry


def test_another_finding_is_decided_again_and_puts_no_entry_in_question(
    answered: Callable[..., PoliceAnswer], entry: Entry
) -> None:
    answered(PoliceSays.OTHER_FINDING)
    drain()
    assert Reassessment.objects.get().source == Source.POLICE
    assert not Dispute.objects.exists()


def test_who_decides_again_gave_no_opinion_and_reads_none_of_the_words(
    answered: Callable[..., PoliceAnswer], item: Item, senior: Person, now: datetime
) -> None:
    other_senior = add_person(
        username="other senior", name="O", role=Role.SENIOR, password="p", practice=True, actor="test", now=now
    )
    Assessment.objects.create(item=item, person=senior.public_id, opinion=Opinion.FIRST, facts={}, made_at=now)
    answered(words="It is an adult.")
    drain()
    assert take_turn(actor=senior, now=now) is None
    assert take_turn(actor=other_senior, now=now) is not None
    assert Reassessment.objects.get().note is None


def test_planted_bug_an_answer_that_nothing_follows_leaves_it_about_to_be_decided(
    answered: Callable[..., PoliceAnswer], item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its step nobody is asked, and the page says so: it never reads as if it were being decided."""
    monkeypatch.setattr(journey, "items_answered", lambda _answers, _says: [])
    answered()
    drain()
    assert [one.came for one in answers_about([item.pk])] == [CameOfAnswer.WAITS]


@pytest.mark.parametrize(
    ("kind", "facts", "came"),
    [
        ("pseudo_photograph", {"ai_involvement": "none_seen", "real_child": "not_determined"}, CameOfAnswer.STANDS),
        ("not_criminal", {"ai_involvement": "none_seen", "real_child": "not_determined"}, CameOfAnswer.OTHERWISE),
        ("pseudo_photograph", {"ai_involvement": "none_seen", "real_child": "yes"}, CameOfAnswer.OTHERWISE),
    ],
)
def test_what_came_of_it_is_told(
    answered: Callable[..., PoliceAnswer], item: Item, now: datetime, kind: str, facts: dict[str, str], came: str
) -> None:
    answered()
    drain()
    assert [one.came for one in answers_about([item.pk])] == [CameOfAnswer.AGAIN]
    Decision.objects.update(state=DecisionState.CORRECTED)
    new = Decision.objects.create(
        item=item, facts=facts, consensus=2, state=DecisionState.PUBLISHED, made_at=now, publish_after=now
    )
    Outcome.objects.create(
        decision=new, jurisdiction="GB-EAW", as_of=now.date(), kind=kind, criminal=kind != "not_criminal", trace=[]
    )
    Decided.objects.update(decision=new)
    Reassessment.objects.update(state=ReassessmentState.ANSWERED)
    assert [one.came for one in answers_about([item.pk])] == [came]


def test_it_is_recorded_and_the_words_are_sealed(answered: Callable[..., PoliceAnswer], senior: Person) -> None:
    answer = answered(words="Case 12 says adult.")
    row = Record.objects.get(action="police_answer_noted")
    assert (row.actor, row.subject, row.detail) == (senior.public_id, answer.public_id, {"verdict": "wrong"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM referral_policeanswer")
        assert b"Case 12" not in bytes(cursor.fetchone()[0])


def test_a_second_answer_opens_no_second_review(answered: Callable[..., PoliceAnswer]) -> None:
    answered()
    answered(PoliceSays.OTHER_FINDING)
    drain()
    assert (PoliceAnswer.objects.count(), Reassessment.objects.count()) == (2, 1)


def test_an_item_of_no_such_referral_is_refused(
    answered: Callable[..., PoliceAnswer], decided: Callable[..., Item]
) -> None:
    with pytest.raises(NotReferable, match="itm_"):
        answered(named=decided().public_id)


def test_what_the_partner_does_not_have_it_did_not_answer(
    built: Callable[..., Referral], item: Item, senior: Person, now: datetime
) -> None:
    with pytest.raises(NotReferable, match="Hand it over first"):
        note_answer(
            referral_id=built(item).pk, item=item.public_id, says=PoliceSays.WRONG, words="", actor=senior, now=now
        )


def test_of_a_package_the_receipt_says_that_they_have_it(answered: Callable[..., PoliceAnswer]) -> None:
    with pytest.raises(NotReferable, match="receipt"):
        answered(PoliceSays.HAVE_IT)


def test_words_that_are_too_long_are_refused(answered: Callable[..., PoliceAnswer]) -> None:
    with pytest.raises(NotNow, match="1000"):
        answered(words="x" * 1001)


def test_an_analyst_does_not_note_answers(out: Referral, item: Item, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        note_answer(referral_id=out.pk, item=item.public_id, says=PoliceSays.WRONG, words="", actor=analyst, now=now)
