"""The law changed: outcomes follow, without a view."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Person
from openhotline.assessment.errors import RederivationOver
from openhotline.assessment.models import Decision, Outcome, OutcomeChange, Rederivation
from openhotline.assessment.queries import confirmed_items
from openhotline.assessment.services import rederive_outcomes as rederiving
from openhotline.assessment.services.begin_rederivation import begin_rederivation
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.services.rederive_outcomes import Batch, rederive_outcomes
from openhotline.assessment.tests.conftest import NO_CHILD, OPENED, PHOTOGRAPH_LIKE, Give, Select
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.core.models import Event
from openhotline.exposure.models import View
from openhotline.law.queries import rules

pytestmark = pytest.mark.django_db

RULES = resources.files("openhotline.law") / "rules"
DAY = date(2026, 11, 21)
Change = Callable[..., None]


@pytest.fixture
def law(tmp_path: Path, settings: LazySettings) -> Change:
    """Lay a changed copy of a shipped rule file over the shipped rules."""
    settings.LAW = tmp_path

    def change(name: str, *replaced: tuple[str, str]) -> None:
        text = (RULES / name).read_text("utf-8")
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / name).write_text(text)

    return change


@pytest.fixture
def decided(select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime) -> list[Decision]:
    """Three published decisions: criminal, not criminal, not determined."""
    for seed, facts in enumerate((NO_CHILD, OPENED, PHOTOGRAPH_LIKE), start=1):
        select((seed, 0))
        give(analyst, facts)
    give(other_analyst, PHOTOGRAPH_LIKE)
    publish_decisions(actor="step:test", now=now + timedelta(seconds=31))
    return list(Decision.objects.order_by("pk"))


def photographs_are_law_later(law: Change) -> None:
    law("gb-eaw.toml", ("valid_from = 2004-05-01", "valid_from = 2099-01-01"))


def run(actor: Person, now: datetime, *, limit: int = 500, as_of: date = DAY) -> list[Batch]:
    """Begin, or go on, and do every batch."""
    running = begin_rederivation(as_of=as_of, actor=actor, now=now)
    batches = [Batch(0, (), (), finished=False)]
    while not batches[-1].finished:
        batches.append(rederive_outcomes(rederivation_id=running.pk, actor=actor, now=now, limit=limit))
    return batches[1:]


def kinds(place: str = "GB-EAW") -> list[str]:
    return list(Outcome.objects.filter(jurisdiction=place).order_by("decision_id").values_list("kind", flat=True))


def test_under_the_same_law_nothing_changes(decided: list[Decision], senior: Person, now: datetime) -> None:
    [batch] = run(senior, now)
    assert (batch.examined, batch.changes) == (len(decided), ())


def test_outcomes_follow_the_law_and_each_change_is_listed(
    decided: list[Decision], law: Change, senior: Person, now: datetime
) -> None:
    assert kinds() == ["not_criminal", "not_determined", "pseudo_photograph"]
    photographs_are_law_later(law)
    [batch] = run(senior, now)
    assert kinds() == ["not_criminal", "not_determined", "not_criminal"]
    [change] = batch.changes
    assert (change.decision_id, change.jurisdiction) == (decided[2].pk, "GB-EAW")
    assert (change.kind_before, change.category_before, change.criminal_before) == ("pseudo_photograph", "B", True)
    assert (change.kind_after, change.category_after, change.criminal_after) == ("not_criminal", "", False)


def test_what_later_stages_read_follows(decided: list[Decision], law: Change, senior: Person, now: datetime) -> None:
    ids = [one.pk for one in decided]
    assert confirmed_items(ids) == [decided[2].item_id]
    photographs_are_law_later(law)
    run(senior, now)
    assert confirmed_items(ids) == []
    assert Event.objects.get(kind="OutcomesChanged").ids == [decided[2].pk]


def test_the_old_outcome_stays_with_its_trace_and_its_law(
    decided: list[Decision], law: Change, senior: Person, now: datetime
) -> None:
    old = Outcome.objects.get(decision=decided[2], jurisdiction="GB-EAW")
    photographs_are_law_later(law)
    run(senior, now)
    kept = OutcomeChange.objects.get()
    assert (kept.trace_before, kept.law_version_before, kept.as_of_before) == (old.trace, old.law_version, old.as_of)
    assert Outcome.objects.get(pk=old.pk).trace != old.trace


def test_nobody_looks_at_anything(decided: list[Decision], law: Change, senior: Person, now: datetime) -> None:
    views, facts = View.objects.count(), [one.facts for one in decided]
    photographs_are_law_later(law)
    run(senior, now)
    assert View.objects.count() == views
    assert [one.facts for one in Decision.objects.order_by("pk")] == facts


@pytest.mark.usefixtures("decided")
def test_a_place_whose_law_is_now_read_gets_its_outcomes(law: Change, senior: Person, now: datetime) -> None:
    law(
        "ie.toml",
        ('"unverified"', '"in_force"'),
        ('verified_on = ""', "verified_on = 2026-11-01\nvalid_from = 2018-01-01"),
    )
    [batch] = run(senior, now)
    assert {(one.jurisdiction, one.kind_before) for one in batch.changes} == {("IE", "")}
    # Whether the Irish test is met was never recorded, so nothing is said of the one that shows a child.
    assert kinds("IE") == ["not_criminal", "not_determined", "not_determined"]


@pytest.mark.usefixtures("decided")
def test_a_batch_is_one_record_of_the_log(senior: Person, now: datetime) -> None:
    assert [batch.examined for batch in run(senior, now, limit=2)] == [2, 1]
    records = Record.objects.filter(action="outcomes_rederived").order_by("pk")
    assert [(one.count, one.detail["examined"], one.actor) for one in records] == [
        (2, 2, senior.public_id),
        (1, 1, senior.public_id),
    ]


def test_what_was_broken_off_goes_on_where_it_stood(
    decided: list[Decision], law: Change, senior: Person, now: datetime
) -> None:
    photographs_are_law_later(law)
    first = begin_rederivation(as_of=DAY, actor=senior, now=now)
    rederive_outcomes(rederivation_id=first.pk, actor=senior, now=now, limit=2)
    assert [batch.examined for batch in run(senior, now)] == [1]
    done = Rederivation.objects.get()
    assert (done.state, done.examined, done.changed, done.cursor) == ("finished", 3, 1, decided[2].pk)


def test_a_batch_that_fails_leaves_nothing_half(
    decided: list[Decision], law: Change, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    photographs_are_law_later(law)
    running = begin_rederivation(as_of=DAY, actor=senior, now=now)

    def fail(**_named: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(rederiving, "record", fail)
    with pytest.raises(OSError, match="disk"):
        rederive_outcomes(rederivation_id=running.pk, actor=senior, now=now)
    monkeypatch.undo()
    assert kinds()[2] == "pseudo_photograph"
    assert (Rederivation.objects.get().cursor, OutcomeChange.objects.count()) == (0, 0)
    assert len(decided) == sum(batch.examined for batch in run(senior, now))


def test_rules_that_change_while_a_pass_runs_end_it_with_a_sentence(
    decided: list[Decision], law: Change, senior: Person, now: datetime
) -> None:
    running = begin_rederivation(as_of=DAY, actor=senior, now=now)
    rederive_outcomes(rederivation_id=running.pk, actor=senior, now=now, limit=1)
    photographs_are_law_later(law)
    with pytest.raises(RederivationOver, match="The rules changed while the pass ran"):
        rederive_outcomes(rederivation_id=running.pk, actor=senior, now=now)
    run(senior, now)
    assert list(Rederivation.objects.order_by("pk").values_list("state", "examined")) == [
        ("superseded", 1),
        ("finished", len(decided)),
    ]


def test_planted_bug_without_that_check_two_laws_would_stand_in_one_pass(
    decided: list[Decision], law: Change, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = begin_rederivation(as_of=DAY, actor=senior, now=now)
    photographs_are_law_later(law)
    monkeypatch.setattr(rederiving, "_running", lambda pk, _book: Rederivation.objects.get(pk=pk))
    batch = rederive_outcomes(rederivation_id=running.pk, actor=senior, now=now)
    changed = Outcome.objects.get(decision=decided[2], jurisdiction="GB-EAW").law_version
    assert batch.changes
    assert changed != Rederivation.objects.get().law_version


@pytest.mark.usefixtures("decided")
def test_back_and_forth_on_one_day_ends_where_it_began(law: Change, senior: Person, now: datetime) -> None:
    before = kinds()
    photographs_are_law_later(law)
    run(senior, now)
    law("gb-eaw.toml")
    run(senior, now)
    assert kinds() == before


def test_facts_that_cannot_be_read_are_named_and_left(decided: list[Decision], senior: Person, now: datetime) -> None:
    Decision.objects.filter(pk=decided[0].pk).update(facts={"colour": "red"})
    [batch] = run(senior, now)
    assert batch.unreadable == (decided[0].public_id,)
    assert kinds()[0] == "not_criminal"
    assert Rederivation.objects.get().unreadable == 1


def test_what_is_not_published_waits_for_its_own_law(
    select: Select, give: Give, analyst: Person, senior: Person, now: datetime
) -> None:
    select((1, 0))
    give(analyst, NO_CHILD)
    [batch] = run(senior, now)
    assert (batch.examined, Outcome.objects.count()) == (0, 0)


def test_an_ended_pass_is_not_gone_on_with(senior: Person, now: datetime) -> None:
    run(senior, now)
    with pytest.raises(RederivationOver, match="This pass is finished"):
        rederive_outcomes(rederivation_id=Rederivation.objects.get().pk, actor=senior, now=now)


def test_an_analyst_does_not_derive_again(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="an operator, senior analyst or manager does"):
        rederive_outcomes(rederivation_id=1, actor=analyst, now=now)


def test_outcomes_are_as_of_the_day_that_is_asked_for(decided: list[Decision], senior: Person, now: datetime) -> None:
    [batch] = run(senior, now, as_of=date(2003, 1, 1))
    assert kinds() == ["not_determined"] * len(decided)
    assert {one.as_of_before for one in batch.changes} == {rules().day_of(now, "GB-EAW")}


@pytest.mark.parametrize("gone", ["unverified again", "no rules at all"])
@pytest.mark.usefixtures("decided")
def test_where_no_rule_decides_any_more_nothing_stays_said(
    law: Change, senior: Person, now: datetime, settings: LazySettings, gone: str
) -> None:
    read = (('"unverified"', '"in_force"'), ('verified_on = ""', "verified_on = 2026-11-01\nvalid_from = 2018-01-01"))
    place, file = ("IE", "ie.toml") if gone == "unverified again" else ("IM", "im.toml")
    law("ie.toml", *read)
    if place == "IM":
        text = (settings.LAW / "ie.toml").read_text("utf-8").replace('"IE"', '"IM"').replace("ie-1998", "im-1998")
        (settings.LAW / "im.toml").write_text(text)
    run(senior, now)
    assert "not_criminal" in kinds(place)
    (settings.LAW / file).unlink()
    run(senior, now)
    assert set(kinds(place)) == {"not_determined"}
    assert not Outcome.objects.filter(jurisdiction=place, criminal__isnull=False).exists()
