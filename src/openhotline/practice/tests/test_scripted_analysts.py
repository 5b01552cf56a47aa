"""Scripted analysts answer from the truth, with mistakes that are always the same, and keep the rules of looking."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings

from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment, Turn
from openhotline.core import clock
from openhotline.evidence.models import Item
from openhotline.exposure.models import SHIPPED_LIMITS, View
from openhotline.law.models import Facts, Outcome
from openhotline.law.services.derive import derive
from openhotline.practice.analysts import shift as shifts
from openhotline.practice.analysts.assessing import Assessing
from openhotline.practice.analysts.mistakes import Mistakes
from openhotline.practice.analysts.shift import Shift, work_through
from openhotline.practice.analysts.sorting import sort_sheets
from openhotline.practice.analysts.truth import Truth
from openhotline.practice.collection.structure import load
from openhotline.practice.machinery import Machinery, work_here
from openhotline.practice.progress import silent
from openhotline.triage.models import Selection
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import SelectionState

pytestmark = pytest.mark.django_db

GLYPHS = {code: dict(glyph.facts) for code, glyph in load().glyphs.items()}


def outcome(facts: dict[str, str], now: datetime) -> tuple[str, str | None]:
    said: Outcome = derive(Facts.from_dict(facts), jurisdiction=settings.JURISDICTION, as_of=now.date())
    return said.kind, said.category


def opinions(rate: float, seed: int = 1, count: int = 2000) -> list[dict[str, str]]:
    mistakes = Mistakes(rate, seed)
    return [mistakes.answer(GLYPHS["triangle-A"], number=n, opinion="first") for n in range(count)]


def wrong_ones(rate: float) -> int:
    return sum(facts != GLYPHS["triangle-A"] for facts in opinions(rate))


def test_the_stated_share_of_opinions_is_wrong() -> None:
    assert wrong_ones(0.0) == 0
    assert 40 <= wrong_ones(0.03) <= 80
    assert wrong_ones(1.0) == 2000


def test_the_same_seed_makes_the_same_mistakes() -> None:
    assert opinions(0.1) == opinions(0.1)
    assert opinions(0.1) != opinions(0.1, seed=2)


def test_two_opinions_on_one_file_err_apart() -> None:
    mistakes = Mistakes(0.5, 1)
    wrong = {
        opinion: {
            n for n in range(500) if mistakes.answer(GLYPHS["cross-N"], number=n, opinion=opinion) != GLYPHS["cross-N"]
        }
        for opinion in ("first", "second")
    }
    assert 60 < len(wrong["first"] & wrong["second"]) < 190


@pytest.mark.parametrize("glyph", sorted(GLYPHS))
def test_a_mistake_changes_the_outcome(glyph: str, now: datetime) -> None:
    right = outcome(GLYPHS[glyph], now)
    for seed in range(20):
        facts = Mistakes(1.0, seed).answer(GLYPHS[glyph], number=1, opinion="first")
        assert outcome(facts, now) != right


def test_the_truth_knows_every_file(truth: Truth) -> None:
    assert [file.number for file in truth.files] == list(range(1, 41))
    assert all((file.facts is None) == (file.unreadable is not None) for file in truth.files)


@pytest.fixture
def machinery(db: None) -> Machinery:
    return Machinery(tick=lambda _now: {}, settle=lambda: None)


def looker(seconds: float, times: int) -> Callable[[Shift], bool]:
    left = iter(range(times))

    def task(shift: Shift) -> bool:
        if next(left, None) is None:
            return False
        shift.look("itm_x", kind=View.REVEAL, size=1, seconds=seconds)
        return True

    return task


def seconds_of(person: Person) -> list[tuple[datetime, float]]:
    rows = View.objects.filter(person=person.public_id).order_by("granted_at").values_list("granted_at", "seconds")
    return [(at, seconds or 0.0) for at, seconds in rows]


def test_looks_are_kept_as_simulated(analyst: Person, machinery: Machinery) -> None:
    work_through([analyst], looker(28.0, 3), machinery)
    assert View.objects.filter(simulated=True, person=analyst.public_id, seconds=28.0).count() == 3


def test_a_break_is_taken_before_the_next_look(analyst: Person, machinery: Machinery) -> None:
    """The work of 70 minutes takes one person two spells with a pause between them."""
    assert work_through([analyst], looker(60.0, 70), machinery) == 70
    looks = [at for at, _ in seconds_of(analyst)]
    pauses = [later - at for at, later in itertools.pairwise(looks) if later - at > timedelta(minutes=10)]
    assert len(pauses) == 1
    assert looks.index(looks[0] + SHIPPED_LIMITS.most_in_window - timedelta(minutes=1)) == 49


def test_nobody_looks_longer_than_the_daily_budget(analyst: Person, machinery: Machinery) -> None:
    work_through([analyst], looker(60.0, 300), machinery)
    days: dict[object, float] = {}
    for at, seconds in seconds_of(analyst):
        days[at.date()] = days.get(at.date(), 0.0) + seconds
    assert sum(days.values()) == 300 * 60
    assert max(days.values()) <= SHIPPED_LIMITS.most_a_day.total_seconds()


def test_without_the_rule_the_budget_would_be_broken(
    analyst: Person, machinery: Machinery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: a shift that never asks whether it may look."""
    monkeypatch.setattr(shifts, "check_may_look", lambda _looks, _at, _limits: None)
    work_through([analyst], looker(60.0, 300), machinery)
    assert max(seconds for _, seconds in seconds_of(analyst)) == 60
    assert seconds_of(analyst)[-1][0] - seconds_of(analyst)[0][0] == timedelta(minutes=299)


def test_work_is_shared_when_the_first_must_pause(analyst: Person, other_analyst: Person, machinery: Machinery) -> None:
    work_through([analyst, other_analyst], looker(60.0, 60), machinery)
    assert [len(seconds_of(person)) for person in (analyst, other_analyst)] == [50, 10]


def test_a_file_from_elsewhere_is_kept_and_left_for_a_person(
    truth: Truth, analyst: Person, make_item: Callable[..., Item]
) -> None:
    """Whoever tries an import while practice plays brings in files that the truth does not know."""
    machinery = Machinery(tick=lambda _now: {}, settle=work_here)
    item = make_item(digests='{"sha256": "%s"}' % ("ab" * 32))
    triage_items(ids=[item.pk], actor="test", now=clock.now())
    assert sort_sheets([analyst], truth, machinery, tell=silent) == 1
    assert Selection.objects.get(item=item).state == SelectionState.SELECTED
    Assessing(truth, Mistakes(0.0, 1), machinery, silent).by([analyst])
    assert Turn.objects.get(item=item).skipped_by == [analyst.public_id]
    assert not Assessment.objects.exists()
