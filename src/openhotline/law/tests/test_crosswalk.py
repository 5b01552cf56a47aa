"""How AI involvement goes into partners' formats."""

from importlib import resources

import pytest

from openhotline.law import queries
from openhotline.law.errors import RulesInvalid
from openhotline.law.models import Crosswalk, crosswalk
from openhotline.law.states import AiInvolvement

SHIPPED = (resources.files("openhotline.law") / "crosswalk.toml").read_text("utf-8")


@pytest.mark.parametrize("silent", ["not_determined", "none_seen"])
def test_what_nobody_determined_or_saw_is_left_out_of_every_format(silent: str) -> None:
    cells = queries.crosswalk(silent).values()
    assert {(str(cell.action), cell.value) for cell in cells} == {("omit", None)}


def test_every_involvement_has_a_cell_for_every_target() -> None:
    targets = set(queries.crosswalk_table().targets)
    assert all(set(queries.crosswalk(involvement)) == targets for involvement in AiInvolvement)


def test_a_documented_cell_is_marked_verified_and_our_own_reading_is_not() -> None:
    cells = queries.crosswalk(AiInvolvement.WHOLLY_SYNTHETIC)
    assert (cells["ncmec_file_annotation"].value, cells["ncmec_file_annotation"].verified) == (
        "generativeAi",
        True,
    )
    assert cells["iccam_virtual"].verified is False


def test_an_unclear_cell_asks_a_person() -> None:
    assert queries.crosswalk("real_picture_altered")["iccam_virtual"].action == "ask"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"none_seen"', '"nothing"', "cannot be read"),
        ('action = "omit"', 'action = "send"', "'send' needs a value"),
        ("verified = false", "verified = false\nowner = 1", "unknown fields: owner"),
        ('target = "iccam_virtual"', 'target = "xarf_tag"', "double: none_seen/xarf_tag"),
        ("[[cell]]", "[[cell", "not TOML"),
        ("as_of = 2024-05-07", 'as_of = "May"', "as_of, a day such as 2026-03-20"),
        ("as_of = 2024-05-07\n", "", "as_of, a day such as 2026-03-20"),
        ('name = "xarf_tag"', 'name = "xarf"', "cells for xarf_tag, which no .*target.* names"),
    ],
)
def test_a_broken_crosswalk_is_refused_with_a_sentence(old: str, new: str, sentence: str) -> None:
    with pytest.raises(RulesInvalid, match=sentence):
        Crosswalk.from_toml(SHIPPED.replace(old, new, 1))


STATING = SHIPPED.replace('action = "omit"', 'action = "send"\nvalue = "0"', 1)


def test_a_crosswalk_that_states_what_nobody_saw_is_refused() -> None:
    with pytest.raises(RulesInvalid, match="What was not determined, or not seen, is left out"):
        Crosswalk.from_toml(STATING)


def test_planted_bug_without_that_check_a_no_would_leave_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crosswalk, "_SILENT", frozenset())
    sent = Crosswalk.from_toml(STATING).of(AiInvolvement.NONE_SEEN)
    assert "0" in {cell.value for cell in sent.values()}


def test_every_target_says_which_format_of_which_day_was_read() -> None:
    targets = queries.crosswalk_table().targets.values()
    assert {target.name: str(target.as_of) for target in targets}["iccam_virtual"] == "2024-05-07"
    assert all(target.source.startswith("http") for target in targets)
