"""What the picture of a HEIF or AVIF is made of; files with more than one picture have no plan."""

import contextlib
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fileorigin.containers import heif
from fileorigin.containers.heif import NoPlan, Step
from stills import box, full, gridded, put_together

PICTURE = Image.linear_gradient("L").resize((120, 100)).convert("RGB")


@pytest.fixture(scope="module")
def whole() -> bytes:
    """A grid of four tiles, turned."""
    return gridded(PICTURE, turned=1, profile=b"a profile")


def refused(data: bytes) -> str:
    """Return why a file has no plan."""
    with pytest.raises(NoPlan) as caught:
        heif.plan(data)
    return str(caught.value)


def test_a_picture_in_one_piece_is_its_own_tile() -> None:
    """As most AVIF files are."""
    sink = io.BytesIO()
    PICTURE.save(sink, "AVIF")
    found = heif.plan(sink.getvalue())
    assert (found.codec, found.tiles, found.columns, found.width, found.height) == ("av01", (1,), 1, 120, 100)


def test_a_grid_names_its_tiles_row_by_row(whole: bytes) -> None:
    """As telephones write large pictures; how it is turned and its colours are told."""
    found = heif.plan(whole)
    assert (found.tiles, found.columns, found.width, found.height) == ((2, 3, 4, 5), 2, 120, 100)
    assert (found.steps, found.profile) == ((Step("turn", (1,)),), b"a profile")


def test_steps_are_told_in_the_order_of_the_file() -> None:
    """A crop before a turn cuts something else than one after it."""
    found = heif.plan(gridded(PICTURE, cropped=(80, 60), turned=3, mirrored=0))
    assert found.steps == (Step("crop", (20, 20, 80, 60)), Step("turn", (3,)), Step("mirror", (0,)))


@pytest.mark.parametrize("more", [(b"Exif", ()), (b"av01", ((b"thmb", 100, [1]),)), (b"hvc1", ((b"auxl", 100, [1]),))])
def test_metadata_thumbnails_and_maps_are_no_pictures_of_their_own(more: tuple[bytes, Any]) -> None:
    """They serve the one picture."""
    assert heif.plan(gridded(PICTURE, more=[more[0]], references=more[1])).columns == 2


def test_what_can_be_seen_through_has_a_plan_of_its_own() -> None:
    """In one piece beside a grid; a depth map is named in the same way and is none."""
    clear = Image.new("L", PICTURE.size, 90)
    found = heif.plan(gridded(PICTURE, alpha=clear)).alpha
    assert found is not None
    assert (found.tiles, found.columns, found.width, found.height) == ((90,), 1, 120, 100)
    assert heif.plan(gridded(PICTURE, more=[b"av01"], references=[(b"auxl", 100, [1])])).alpha is None


def test_colours_that_are_mixed_already_have_no_plan() -> None:
    """They would be laid on white twice."""
    clear = Image.new("L", PICTURE.size, 90)
    assert "mixed" in refused(gridded(PICTURE, alpha=clear, references=[(b"prem", 1, [90])]))


def test_a_second_picture_leaves_no_plan() -> None:
    """Whoever was shown the first would not have seen the other."""
    assert "more than one" in refused(gridded(PICTURE, more=[b"av01"]))


def test_without_the_count_the_second_picture_would_be_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: with no kind taken for a picture, the plan is of the first alone."""
    monkeypatch.setattr(heif, "_PICTURES", frozenset())
    assert heif.plan(gridded(PICTURE, more=[b"av01"])).width == 120


def test_a_sequence_leaves_no_plan(whole: bytes) -> None:
    """It has pictures in tracks."""
    assert "sequence" in refused(whole + box(b"moov"))


@pytest.mark.parametrize("kind", [b"iovl", b"iden", b"jpeg", b"unci"])
def test_what_is_put_together_otherwise_has_no_plan(kind: bytes) -> None:
    """Layers, copies and rare codings."""
    size = full(b"ispe", (120).to_bytes(4, "big") * 2)
    assert "not read here" in refused(put_together({1: kind}, [size], {1: [1]}, {1: b"x"}, []))


@pytest.mark.parametrize("tiles", [[2], [2, 3, 4, 5, 2]])
def test_a_grid_of_other_tiles_than_it_says_has_no_plan(tiles: list[int]) -> None:
    """Too few, too many, or named twice over."""
    assert heif.plan(gridded(PICTURE)).columns == 2
    assert "grid" in refused(gridded(PICTURE, references=[(b"dimg", 1, tiles)]))


def test_a_crop_outside_the_picture_has_no_plan() -> None:
    """It would ask for pixels that are not there."""
    assert "outside" in refused(gridded(PICTURE, cropped=(200, 60)))


@given(st.data())
@settings(max_examples=300)
def test_any_bytes_have_a_plan_or_none(whole: bytes, data: st.DataObject) -> None:
    """Whatever is changed or cut off, nothing else is raised."""
    damaged = bytearray(whole[:1200])
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(NoPlan):
        heif.plan(bytes(damaged) + whole[1200:] * data.draw(st.integers(0, 1)))
