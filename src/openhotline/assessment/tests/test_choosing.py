"""Which turns are a person's to take next."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.services import choosing
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.tests.conftest import Select
from openhotline.exposure.services.set_wellbeing import set_wellbeing

pytestmark = pytest.mark.django_db


def test_whoever_skipped_a_whole_step_still_finds_the_next(
    select: Select, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue is read in steps: a person who passed all of the first is not told that nothing waits."""
    select(*((seed, 0) for seed in range(1, 7)))
    last = Turn.objects.latest("pk")
    Turn.objects.exclude(pk=last.pk).update(skipped_by=[analyst.public_id])
    monkeypatch.setattr(choosing, "LOOK_AT", (2, 2, 2))
    assert take_turn(actor=analyst, now=now) == last


def test_what_is_heavy_comes_only_to_whoever_has_said_yes_to_that(
    select: Select, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    select((1, 0))
    Turn.objects.update(heavy=True)
    assert take_turn(actor=analyst, now=now) is None
    set_wellbeing(shift_ends_at=None, takes_heavy=True, consents=False, actor=other_analyst, now=now)
    assert take_turn(actor=other_analyst, now=now) is not None
