"""The numbers of a collection, before a pixel is painted."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.practice.collection import structure
from openhotline.practice.collection.counts import group_counts
from openhotline.practice.collection.plan import plan
from openhotline.practice.collection.planned import PlannedFile
from openhotline.practice.collection.records import pages, truth_row
from openhotline.practice.collection.shares import largest_remainder
from openhotline.practice.collection.structure import FACTS, load

Row = dict[str, Any]
PUBLISHED = 20_254


@pytest.fixture(scope="module")
def files() -> list[PlannedFile]:
    return [file for family in plan(load(), PUBLISHED, seed=1) for file in family.files()]


@pytest.fixture(scope="module")
def truth(files: list[PlannedFile]) -> list[Row]:
    return [truth_row(load(), file) for file in files]


def with_facts(truth: list[Row], **facts: str) -> int:
    selected = (row for row in truth if row["selected"])
    return sum(all(row["facts"][name] == value for name, value in facts.items()) for row in selected)


def test_the_published_figures_hold_exactly(truth: list[Row]) -> None:
    """Found, selected, pseudo-photographs and prohibited images of the published investigation."""
    assert len(truth) == PUBLISHED
    assert sum(row["selected"] for row in truth) == 11_108
    assert with_facts(truth, depicts_child="yes", indecent="yes", looks_like_photograph="yes") == 2_562
    assert with_facts(truth, depicts_child="yes", looks_like_photograph="no", limb_62_2_a="yes") == 416


def test_the_rest_of_the_selected_is_not_criminal_or_of_unclear_age(truth: list[Row]) -> None:
    not_criminal = with_facts(truth, depicts_child="yes", indecent="no", limb_62_2_a="no")
    unclear = with_facts(truth, depicts_child="age_not_clear")
    assert not_criminal + unclear == 11_108 - 2_562 - 416
    assert not_criminal > unclear > 0


def test_six_in_a_hundred_pseudo_photographs_are_altered_real_pictures(truth: list[Row]) -> None:
    altered = with_facts(truth, ai_involvement="real_picture_altered")
    assert altered == with_facts(truth, real_child="yes") == 154


def test_most_of_what_is_not_selected_shows_no_child(truth: list[Row]) -> None:
    reasons = Counter(row["set_aside_reason"] for row in truth if not row["selected"])
    assert sum(reasons.values()) == 9_146
    assert reasons["no_child"] > 8_000
    assert min(reasons["known_harmless"], reasons["not_opened"], reasons["too_small"]) > 50


def test_twelve_and_twenty_two_in_a_hundred_are_duplicates(truth: list[Row]) -> None:
    relations = Counter(row["relation"] for row in truth)
    assert relations["exact_duplicate"] == round(0.12 * PUBLISHED)
    assert relations["near_duplicate"] == round(0.22 * PUBLISHED)
    assert all(Counter(row["change"] for row in truth)[change] > 300 for change in load().changes)


def test_a_near_duplicate_of_a_harmless_file_is_left_to_a_person(files: list[PlannedFile]) -> None:
    """The list matches exact bytes only; anything else shows no child only because a person says so."""
    near = PlannedFile(9, "png", "png", "frame-X", relation="near_duplicate", original=8)
    assert truth_row(load(), near)["set_aside_reason"] == "no_child"
    assert not any(file.known_harmless for file in files if file.relation == "near_duplicate")


def test_every_kind_of_unreadable_file_occurs_and_only_one_is_empty(files: list[PlannedFile]) -> None:
    kinds = Counter(file.unreadable for file in files if file.unreadable)
    assert set(kinds) == {kind.kind for kind in load().unreadable}
    assert kinds["empty"] == 1
    assert sum(kinds.values()) == 61


def test_three_hundred_files_hold_each_kind_of_unreadable_file_once() -> None:
    unreadable = [f.original.unreadable for f in plan(load(), 300, seed=1) if f.original.unreadable]
    assert sorted(unreadable) == sorted(kind.kind for kind in load().unreadable)


def test_signed_files_stay_under_one_in_a_hundred(files: list[PlannedFile]) -> None:
    signed = sum("c2pa_trained" in file.marks for file in files)
    assert 0 < signed < PUBLISHED / 100


def test_every_altered_picture_carries_a_mark_of_the_picture_underneath(files: list[PlannedFile]) -> None:
    altered = [file for file in files if file.glyph and load().glyphs[file.glyph].altered]
    assert altered
    assert {mark for file in altered for mark in file.marks} == {"invokeai_img2img", "xmp_composite"}
    assert all(file.marks and file.format != "gif" for file in altered)


def test_the_plan_depends_on_the_seed_alone() -> None:
    assert plan(load(), 200, seed=1) == plan(load(), 200, seed=1)
    assert plan(load(), 200, seed=1) != plan(load(), 200, seed=2)


@given(items=st.integers(1, 500), seed=st.integers(0, 50))
def test_a_plan_of_any_size_numbers_every_file_once(items: int, seed: int) -> None:
    files = [file for family in plan(load(), items, seed) for file in family.files()]
    assert sorted(file.number for file in files) == list(range(1, items + 1))
    assert len({file.path for file in files}) == items


@given(items=st.integers(1, 100_000))
def test_group_counts_sum_to_the_items(items: int) -> None:
    counts = group_counts(load(), items)
    assert sum(counts.values()) == items
    assert min(counts.values()) >= 0


@given(total=st.integers(0, 10_000), weights=st.lists(st.floats(0.001, 1000), min_size=1, max_size=9))
def test_largest_remainder_rounds_each_part_by_less_than_one(total: int, weights: list[float]) -> None:
    parts = largest_remainder(total, dict(enumerate(weights)))
    assert sum(parts.values()) == total
    assert all(abs(parts[i] - total * w / sum(weights)) < 1 + 1e-6 for i, w in enumerate(weights))


def test_shares_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no weight is above zero"):
        largest_remainder(3, {"a": 0.0})


@given(count=st.integers(0, 400), seed=st.integers(0, 9))
def test_pages_hold_at_most_thirty_files_each(count: int, seed: int) -> None:
    found = pages(count, seed)
    assert len(found) == count
    assert max(Counter(found).values(), default=0) <= 30


def test_every_glyph_stands_for_its_own_facts() -> None:
    glyphs = load().glyphs
    assert len({tuple(glyph.facts.items()) for glyph in glyphs.values()}) == len(glyphs) == 10
    assert all(tuple(glyph.facts) == tuple(FACTS) for glyph in glyphs.values())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('severity = "A", ', "", r"exactly the facts .* \['severity'\]"),
        ('severity = "A"', 'severity = "Z"', "says severity = 'Z'; allowed are A, B, C"),
    ],
)
def test_a_structure_with_odd_facts_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = structure._FILE.read_text(encoding="utf-8")
    (tmp_path / "structure.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load(tmp_path / "structure.toml")
