"""An operator's rules of triage are read and checked."""

from dataclasses import replace
from pathlib import Path

import pytest

from openhotline.core.errors import Misconfigured
from openhotline.hashlists.states import Verdict
from openhotline.triage.models import Seen, Share, read_rules
from openhotline.triage.models.rules import SHIPPED
from openhotline.triage.policies import machine_selection, points_of, priority, sentences
from openhotline.triage.states import Reason, SelectionState

RULES = read_rules()
PLAIN = Seen(
    readable=True,
    unseen=False,
    shortest_side=500,
    verdicts=frozenset(),
    real_basis="unknown",
    suspects_altered_real=False,
    urgent=False,
)
BOTH = frozenset({Verdict.KNOWN, Verdict.HARMLESS})


def points(**changes: object) -> int:
    """Return the points of an ordinary picture, but for these facts."""
    return points_of(priority(replace(PLAIN, **changes), RULES))


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """Return the shipped file with one thing changed."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "rules.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_harmless_list_never_hides_what_a_list_knows() -> None:
    assert machine_selection(replace(PLAIN, verdicts=BOTH), RULES) == (SelectionState.SELECTED, Reason.KNOWN_MATCH)


def test_planted_bug_rules_that_no_longer_select_what_is_known_would_still_select_it(tmp_path: Path) -> None:
    rules = read_rules(changed(tmp_path, "when = { known = true }", "when = { urgent = true }"))
    assert machine_selection(replace(PLAIN, verdicts=BOTH), rules)[0] == SelectionState.SELECTED


def test_an_operator_can_move_a_number(tmp_path: Path) -> None:
    rules = read_rules(changed(tmp_path, "most = 79", "most = 10"))
    assert machine_selection(replace(PLAIN, shortest_side=48), rules) == (SelectionState.UNSORTED, None)


@pytest.mark.parametrize("fact", ["real_basis", "suspects_altered_real", "near_known", "places", "ai_involvement"])
def test_planted_bug_a_rule_that_sets_aside_by_what_a_picture_shows_is_refused(tmp_path: Path, fact: str) -> None:
    path = changed(tmp_path, "when = { harmless = true }", f"when = {{ {fact} = true }}")
    with pytest.raises(Misconfigured, match=f"a rule about {fact}. Here it may ask for: harmless, readable"):
        read_rules(path)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ('reason = "too_small"', 'reason = "kept"', "the other reasons are people's"),
        ("when = { harmless = true }", "when = {}", "would always hold"),
        ("most = 79", "most = true", r"set_aside\]\] number \d \(line \d+\): most is True; it is a whole number"),
        ("when = { harmless = true }", 'when = { harmless = "yes" }', "Compare it to true or false"),
        ("points = 100", "points = 100000", "it is a whole number from -1,000 to 1,000"),
        ('code = "viral"', 'code = "known"', "the same code twice"),
        ("share = 0.03", "share = 3", "it is a number from 0 to 1"),
        ("[recent]", "[recently]", "it needs exactly"),
        ("[flood]", "[flood", "cannot be read"),
    ],
)
def test_what_is_wrong_with_the_rules_is_said(tmp_path: Path, old: str, new: str, match: str) -> None:
    with pytest.raises(Misconfigured, match=match):
        read_rules(changed(tmp_path, old, new))


def test_a_possibly_real_altered_picture_comes_before_a_known_or_a_viral_one() -> None:
    known = frozenset({Verdict.KNOWN})
    assert points(suspects_altered_real=True, verdicts=known, places=1000) > points()
    assert points(near_altered_real=True, near_known=True) > points()


def test_a_possibly_unknown_recent_child_comes_before_one_near_a_listed_picture() -> None:
    assert points(recent=True) > points() > points(near_known=True) > points(verdicts=frozenset({Verdict.KNOWN}))


def test_danger_now_comes_first_of_all() -> None:
    assert points(urgent=True) > points(suspects_altered_real=True)


def test_reasons_are_told_in_words_the_heaviest_first() -> None:
    told = sentences([["recent", 10], ["altered_real", 60], ["of_an_older_rule", 5]], RULES)
    assert [line.rsplit("(", 1)[1] for line in told] == ["+60)", "+10)", "+5)"]
    assert told[2] == "of_an_older_rule (+5)"


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (50, 100, 0.4038, 0.5962), (10, 10, 0.7225, 1.0)],
)
def test_a_share_has_wilsons_interval(hits: int, of: int, low: float, high: float) -> None:
    """The figures are those of Newcombe's paper and of other programs (R, prop.test without correction)."""
    found = Share(hits, of).interval
    assert found is not None
    assert found == pytest.approx((low, high), abs=5e-4)


def test_nothing_looked_at_has_no_interval() -> None:
    assert Share(0, 0).interval is None
