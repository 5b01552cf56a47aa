"""What the pictures look like to a matcher and to a person."""

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pdqhash
import pytest
from PIL import Image, ImageFilter, ImageOps

from openhotline.practice.collection import changes, families, glyphs
from openhotline.practice.collection.credentials import new_identity
from openhotline.practice.collection.plan import plan
from openhotline.practice.collection.scenes import LEVELS, Scene, paint
from openhotline.practice.collection.structure import load

SEED = 11
GLYPHS = load().glyphs


def drawn(number: int, code: str, width: int = 384, height: int = 512) -> Scene:
    scene = paint(np.random.default_rng([SEED, number]), width, height)
    glyphs.mark_levels(scene.levels, GLYPHS[code])
    return scene


def pdq(image: Image.Image) -> tuple[np.ndarray, int]:
    bits, quality = pdqhash.compute(np.asarray(ImageOps.exif_transpose(image).convert("RGB")))
    return bits.astype(np.float32), quality


@pytest.mark.slow
def test_different_originals_are_far_apart_and_full_of_detail() -> None:
    codes = itertools.cycle(GLYPHS)
    hashes = [pdq(drawn(number, next(codes), 256, 320).coloured()) for number in range(160)]
    bits = np.array([one for one, _ in hashes])
    apart = bits @ (1 - bits).T + (1 - bits) @ bits.T
    np.fill_diagonal(apart, 256)
    assert apart.min() > 40
    assert np.mean([quality >= 50 for _, quality in hashes]) > 0.95


@pytest.mark.parametrize("change", list(load().changes))
def test_a_near_duplicate_stays_near(change: str) -> None:
    for number, code in enumerate(("triangle-A", "frame-X", "cross-N", "frame-X", "star-P", "circle-C")):
        image = drawn(number, code).coloured()
        changed, orientation = changes.apply(change, image, np.random.default_rng(number))
        changed.getexif()[changes.ORIENTATION] = orientation
        assert np.sum(pdq(image)[0] != pdq(changed)[0]) <= 31


def test_a_turned_picture_is_upright_for_whoever_obeys_its_orientation() -> None:
    image = drawn(1, "star-P").coloured()
    for seed in range(6):
        turned, orientation = changes.apply("exif_rotated", image, np.random.default_rng(seed))
        assert orientation != 1
        turned.getexif()[changes.ORIENTATION] = orientation
        assert np.array_equal(np.asarray(ImageOps.exif_transpose(turned)), np.asarray(image))


def frame_light(scene: Scene) -> float:
    """The darkest stretch along the edge of a small blurred grey tile, 0..255."""
    tile = scene.coloured().convert("L")
    tile.thumbnail((160, 160))
    grey = np.asarray(tile.filter(ImageFilter.GaussianBlur(8)))
    return float(min(grey[2].min(), grey[-3].min(), grey[:, 2].min(), grey[:, -3].min()))


def test_only_the_no_child_frame_can_be_seen_in_a_blurred_tile() -> None:
    assert min(frame_light(drawn(number, "frame-X")) for number in range(12)) > 200
    assert max(frame_light(drawn(number, "cross-N")) for number in range(12)) < 170


def test_glyphs_are_of_one_size_and_differ_from_each_other() -> None:
    sprites = [glyphs._glyph_sprite(g.shape, g.letter, 64).astype(int) for g in GLYPHS.values()]
    assert {sprite.shape for sprite in sprites} == {(64, 64)}
    for one, other in itertools.combinations(sprites, 2):
        assert np.mean(abs(one - other) > 4) > 0.02


def file_says_practice(path: Path) -> bool:
    with Image.open(path) as image:
        return word_is_visible(image)


def word_is_visible(image: Image.Image) -> bool:
    """Whether the word PRACTICE stands in the lower left corner, where every picture has it."""
    width, height = image.size
    margin = min(width, height) // 8
    word = (glyphs._word_sprite(glyphs._word_size(width, margin)).astype(float) - LEVELS) * 17
    box = (margin, height - margin - word.shape[0], margin + word.shape[1], height - margin)
    corner = np.asarray(image.convert("L").crop(box), dtype=float)
    return bool(corner.std() > 0 and np.corrcoef(corner.ravel(), word.ravel())[0, 1] > 0.9)


@pytest.fixture
def unchanged_files(tmp_path: Path) -> Callable[[], list[Path]]:
    """Make the originals of a small plan and answer their paths."""

    def make() -> list[Path]:
        maker = families.Maker(tmp_path, SEED, load(), new_identity())
        planned = [f for f in plan(load(), 18, SEED) if f.original.glyph]
        for family in planned:
            maker.make(family)
        return [tmp_path / family.original.path for family in planned]

    return make


@pytest.mark.slow
def test_every_picture_says_practice(unchanged_files: Callable[[], list[Path]]) -> None:
    assert all(file_says_practice(path) for path in unchanged_files())


@pytest.mark.slow
def test_a_collection_without_the_word_would_be_noticed(
    unchanged_files: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug planted: nothing is drawn on the scenes."""
    monkeypatch.setattr(families, "mark_levels", lambda *_: None)
    assert not any(file_says_practice(path) for path in unchanged_files())


def test_icons_are_too_small_for_a_glyph_and_still_say_practice() -> None:
    assert word_is_visible(drawn(3, "frame-X", 64, 64).coloured())


def test_a_scene_that_is_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="5000 x 10 is too large; sides up to 2400"):
        paint(np.random.default_rng(1), 5000, 10)
