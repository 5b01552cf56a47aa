"""A few items whose answer is known come again, to somebody who has not seen them."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.errors import TooLateToUndo
from openhotline.assessment.models import Decision, Turn, VictimFlag
from openhotline.assessment.policies import golden_wanted
from openhotline.assessment.queries.golden import checks_of
from openhotline.assessment.services import place_golden as placing
from openhotline.assessment.services.place_golden import place_golden
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.services.undo_assessment import undo_assessment
from openhotline.assessment.tests.conftest import NO_CHILD, PHOTOGRAPH_LIKE, Give, Select
from openhotline.evidence.models import Item

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def agreed(
    select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> Item:
    """An item on which two people agreed blind two days ago, where one golden item is wanted for two opinions."""
    (item,) = select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    give(other_analyst, PHOTOGRAPH_LIKE)
    publish_decisions(actor="step:test", now=now + DAY)
    Decision.objects.update(made_at=now - 2 * DAY)
    monkeypatch.setattr(placing, "golden_wanted", lambda *, given, placed: max(0, given // 2 - placed))
    return item


@pytest.mark.parametrize(
    ("given", "placed", "wanted"), [(99, 0, 0), (100, 0, 1), (250, 1, 1), (5_000, 0, 5), (9, 4, 0)]
)
def test_there_is_one_for_a_hundred_and_five_at_a_time(given: int, placed: int, wanted: int) -> None:
    assert golden_wanted(given=given, placed=placed) == wanted


def test_it_comes_to_somebody_who_has_not_seen_it_and_changes_nothing(
    agreed: Item, give: Give, analyst: Person, senior: Person, now: datetime
) -> None:
    assert place_golden(actor="step:test", now=now) == 1
    assert place_golden(actor="step:test", now=now) == 0
    with pytest.raises(AssertionError):
        give(analyst, NO_CHILD)
    made = give(senior, NO_CHILD)
    assert (made.decision, made.asks, made.assessment.item) == (None, None, agreed)
    assert Decision.objects.get().facts["depicts_child"] == "yes"
    assert not Turn.objects.filter(state="waiting").exists()


def test_the_person_is_told_afterwards_and_a_check_is_not_taken_back(
    agreed: Item, give: Give, senior: Person, now: datetime
) -> None:
    place_golden(actor="step:test", now=now)
    made = give(senior, NO_CHILD)
    (check,) = checks_of(senior.public_id, now)
    assert not check.same
    with pytest.raises(TooLateToUndo, match="check"):
        undo_assessment(assessment_id=made.assessment.pk, actor=senior, now=now)


def test_one_person_alone_or_a_disagreement_is_no_known_answer(agreed: Item, now: datetime) -> None:
    Decision.objects.update(consensus=1)
    assert place_golden(actor="step:test", now=now) == 0
    Decision.objects.update(consensus=2, disagreed=True)
    assert place_golden(actor="step:test", now=now) == 0


def test_a_check_raises_no_flag(agreed: Item, give: Give, senior: Person, now: datetime) -> None:
    place_golden(actor="step:test", now=now)
    give(senior, PHOTOGRAPH_LIKE | {"ai_involvement": "real_picture_altered"})
    assert not VictimFlag.objects.exists()
