"""One person records facts; the law says what follows."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from looking import glimpse, reveal
from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.states import Role
from openhotline.assessment.errors import NotSeen, TurnMissing, TurnOver
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.queries import earlier_opinions
from openhotline.assessment.services import assess_item as operation
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.states import Opinion
from openhotline.assessment.tests.conftest import NO_CHILD, OPENED, PHOTOGRAPH_LIKE, Give, Select
from openhotline.core.errors import NotNow
from openhotline.evidence.models import Item, Rendition
from openhotline.law.models import Facts

pytestmark = pytest.mark.django_db
LETTER_C = PHOTOGRAPH_LIKE | {"severity": "C"}
NOT_INDECENT = PHOTOGRAPH_LIKE | {"indecent": "no", "severity": "none"}


@pytest.mark.parametrize("facts", [NO_CHILD, OPENED])
def test_what_is_not_criminal_is_decided_by_one(
    select: Select, give: Give, analyst: Person, facts: dict[str, str]
) -> None:
    select((1, 0))
    assert give(analyst, facts).decision is not None


def test_a_criminal_opinion_asks_for_a_blind_second(select: Select, give: Give, analyst: Person) -> None:
    select((1, 0))
    given = give(analyst, PHOTOGRAPH_LIKE)
    assert (given.decision, given.asks) == (None, Opinion.SECOND)


def test_two_alike_decide(select: Select, give: Give, analyst: Person, other_analyst: Person) -> None:
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    decision = give(other_analyst, PHOTOGRAPH_LIKE).decision
    assert decision is not None
    assert (decision.consensus, decision.disagreed) == (2, False)


def test_another_letter_is_a_disagreement_that_a_senior_resolves(
    select: Select, give: Give, analyst: Person, other_analyst: Person, senior: Person
) -> None:
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    assert give(other_analyst, LETTER_C).asks == Opinion.THIRD
    decision = give(senior, LETTER_C).decision
    assert decision is not None
    assert (decision.facts["severity"], decision.consensus, decision.disagreed) == ("C", 2, True)


def test_an_analyst_is_not_given_the_third_opinion(
    select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    give(other_analyst, LETTER_C)
    third = add_person(
        username="third", name="Third", role=Role.ANALYST, password=None, practice=True, actor="test", now=now
    )
    assert take_turn(actor=third, now=now) is None


def test_sending_twice_records_once(select: Select, analyst: Person, now: datetime) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    for _ in range(2):
        assess_item(turn_id=turn.pk, facts=Facts.from_dict(NO_CHILD), idempotency="k", actor=analyst, now=now)
    assert Assessment.objects.count() == 1


def test_nobody_assesses_anothers_turn(select: Select, analyst: Person, other_analyst: Person, now: datetime) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    with pytest.raises(TurnMissing):
        assess_item(turn_id=turn.pk, facts=Facts(), idempotency="k", actor=other_analyst, now=now)


def test_a_turn_that_ran_out_is_over(select: Select, analyst: Person, now: datetime) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    with pytest.raises(TurnOver):
        assess_item(turn_id=turn.pk, facts=Facts(), idempotency="k", actor=analyst, now=now + timedelta(minutes=11))
    assert Turn.objects.get().state == "locked"


def test_what_was_not_answered_is_recorded_as_not_determined(select: Select, give: Give, analyst: Person) -> None:
    select((1, 0))
    assert give(analyst, NO_CHILD).assessment.facts["real_child"] == "not_determined"


@pytest.fixture
def pictured(select: Select) -> Item:
    """An item with a blurred tile, which the media door can show."""
    (item,) = select((1, 0))
    Rendition.objects.create(item=item, kind=Rendition.TILE, sealed=b"x", width=160, height=160)
    return item


@pytest.mark.parametrize("facts", [NO_CHILD, OPENED, PHOTOGRAPH_LIKE, {"content_kind": "video"}, {}])
def test_who_was_shown_nothing_says_nothing_of_a_picture(
    pictured: Item, give: Give, analyst: Person, other_analyst: Person, now: datetime, facts: dict[str, str]
) -> None:
    """Nor of what nobody says it is. What a colleague was shown is no look of theirs."""
    reveal(pictured.public_id, other_analyst, now)
    with pytest.raises(NotSeen, match="You were not shown this picture"):
        give(analyst, facts)
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("kind", ["text", "guide", "ai_model_or_tool", "live_link"])
def test_what_its_words_decide_needs_no_look(pictured: Item, give: Give, analyst: Person, kind: str) -> None:
    assert give(analyst, {"content_kind": kind}).assessment.facts["content_kind"] == kind


def test_that_no_child_is_shown_is_said_of_the_blurred_tile(
    pictured: Item, give: Give, analyst: Person, now: datetime
) -> None:
    glimpse(pictured.public_id, analyst, now)
    assert give(analyst, NO_CHILD).decision is not None


@pytest.mark.parametrize("facts", [NOT_INDECENT, OPENED, PHOTOGRAPH_LIKE, {"content_kind": "image"}, {}])
def test_the_blurred_tile_is_enough_for_nothing_else(
    pictured: Item, give: Give, analyst: Person, now: datetime, facts: dict[str, str]
) -> None:
    glimpse(pictured.public_id, analyst, now)
    with pytest.raises(NotSeen, match="You saw this picture blurred only"):
        give(analyst, facts)
    reveal(pictured.public_id, analyst, now)
    assert give(analyst, facts).assessment.person == analyst.public_id


def test_a_look_that_was_let_go_before_the_picture_came_is_none(
    pictured: Item, give: Give, analyst: Person, now: datetime
) -> None:
    glimpse(pictured.public_id, analyst, now)
    reveal(pictured.public_id, analyst, now, held=timedelta(0))
    with pytest.raises(NotSeen):
        give(analyst, PHOTOGRAPH_LIKE)


def test_planted_bug_an_operation_that_does_not_ask_decides_what_nobody_saw(
    pictured: Item, give: Give, analyst: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "check_seen", lambda _facts, _shown: None)
    assert give(analyst, NO_CHILD).decision is not None


def test_planted_bug_were_a_glimpse_a_reveal_the_tile_would_give_a_letter(
    pictured: Item, give: Give, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    glimpse(pictured.public_id, analyst, now)
    monkeypatch.setattr(operation, "ways_shown", lambda _person, _item: {"reveal"})
    assert give(analyst, PHOTOGRAPH_LIKE).assessment.facts["severity"] == "B"


def test_a_note_is_sealed_and_read_by_who_settles(
    select: Select, give: Give, analyst: Person, other_analyst: Person, senior: Person, now: datetime
) -> None:
    """The second opinion is blind to it, as to everything else."""
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    said = Facts.from_dict(PHOTOGRAPH_LIKE)
    assess_item(turn_id=turn.pk, facts=said, idempotency="k", actor=analyst, now=now, note=" The left half is cut. ")
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM assessment_assessment")
        assert b"left half" not in bytes(cursor.fetchone()[0])
    assert earlier_opinions(take_turn(actor=other_analyst, now=now)) == []
    give(other_analyst, LETTER_C)
    assert [one.note for one in earlier_opinions(take_turn(actor=senior, now=now))] == ["The left half is cut.", ""]


def test_a_note_that_is_too_long_is_refused_and_nothing_is_recorded(
    select: Select, analyst: Person, now: datetime
) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    with pytest.raises(NotNow, match="1001 characters"):
        assess_item(turn_id=turn.pk, facts=Facts(), idempotency="k", actor=analyst, now=now, note="x" * 1001)
    assert not Assessment.objects.exists()
