"""What may show a real child in an altered picture raises a flag at once, and somebody looks after it."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.models import VictimFlag
from openhotline.assessment.queries.reviews import open_flags
from openhotline.assessment.services import assess_item as assessing
from openhotline.assessment.services.note_flag_seen import note_flag_seen
from openhotline.assessment.services.undo_assessment import undo_assessment
from openhotline.assessment.tests.conftest import PHOTOGRAPH_LIKE, Give, Select
from openhotline.core.errors import NotAllowed, NotNow

pytestmark = pytest.mark.django_db
ALTERED = PHOTOGRAPH_LIKE | {"ai_involvement": "real_picture_altered"}


@pytest.mark.parametrize(
    ("facts", "flags"),
    [(ALTERED, 1), (ALTERED | {"real_child": "yes"}, 1), (ALTERED | {"real_child": "no"}, 0), (PHOTOGRAPH_LIKE, 0)],
)
def test_it_is_raised_with_the_first_opinion_before_any_decision(
    select: Select, give: Give, analyst: Person, facts: dict[str, str], flags: int
) -> None:
    select((1, 0))
    assert give(analyst, facts).decision is None
    assert len(open_flags()) == flags


def test_planted_without_the_rule_nobody_would_be_told(
    select: Select, give: Give, analyst: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessing, "raises_flag", lambda _facts: False)
    select((1, 0))
    give(analyst, ALTERED)
    assert open_flags() == []


def test_an_opinion_that_is_undone_takes_its_flag_back(
    select: Select, give: Give, analyst: Person, now: datetime
) -> None:
    select((1, 0))
    undo_assessment(assessment_id=give(analyst, ALTERED).assessment.pk, actor=analyst, now=now)
    assert open_flags() == []
    assert VictimFlag.objects.count() == 1


def test_one_senior_looks_after_it(
    select: Select, give: Give, analyst: Person, senior: Person, manager: Person, now: datetime
) -> None:
    select((1, 0))
    give(analyst, ALTERED)
    (flag,) = open_flags()
    with pytest.raises(NotAllowed):
        note_flag_seen(flag=flag.public_id, actor=analyst, now=now)
    note_flag_seen(flag=flag.public_id, actor=senior, now=now)
    assert open_flags() == []
    with pytest.raises(NotNow):
        note_flag_seen(flag=flag.public_id, actor=manager, now=now)
