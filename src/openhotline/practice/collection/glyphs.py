"""What is drawn on top of every scene: the glyph, the word PRACTICE, and for "no child" a broad frame."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from openhotline.practice.collection.scenes import LEVELS, Levels
from openhotline.practice.collection.structure import Glyph

WORD = "PRACTICE"
_CORNERS = {"triangle": 3, "square": 4, "diamond": 4, "pentagon": 5, "hexagon": 6, "octagon": 8, "circle": 60}
_RADII = {"star": [0.48, 0.3] * 5, "frame": [0.6] * 4}
_FINE = 4  # drawn so many times larger, then reduced: smooth edges


def mark_levels(levels: Levels, glyph: Glyph) -> None:
    """Draw frame, glyph and word on the levels (height, width) of a scene, in place, in neutral greys.

    The glyph has the same size and place on every picture of one size: a seventh of the shorter side, in the
    upper right corner. Pictures under 128 pixels (icons) carry the frame and the word only.
    """
    height, width = levels.shape
    side = min(height, width)
    if glyph.frame:
        _draw_frame(levels, max(2, side // 10))
    margin = side // 8
    word = _word_sprite(_word_size(width, margin))
    _put(levels, word, height - margin - word.shape[0], margin)
    if side >= 128:
        sprite = _glyph_sprite(glyph.shape, glyph.letter, side // 7)
        _put(levels, sprite, margin, width - margin - sprite.shape[1])


def _word_size(width: int, margin: int) -> int:
    """Pixels of letter height: a twentieth of the width, and never wider than the picture."""
    return max(6, min(width // 20 + 4, (width - 2 * margin) // 5))


def _draw_frame(levels: Levels, broad: int) -> None:
    """A light band, set off from light pictures by a thin dark line."""
    thin = max(1, broad // 8)
    for inset, level in ((broad + thin, LEVELS + 2), (broad, LEVELS + 15)):
        levels[:inset], levels[-inset:] = level, level
        levels[:, :inset], levels[:, -inset:] = level, level


def _put(levels: Levels, sprite: NDArray[np.uint8], top: int, left: int) -> None:
    window = levels[top : top + sprite.shape[0], left : left + sprite.shape[1]]
    window[:] = sprite[: window.shape[0], : window.shape[1]]


def _as_levels(image: Image.Image) -> NDArray[np.uint8]:
    """Grey values 0..255 as the sixteen grey levels of a scene's palette."""
    return (np.asarray(image) // 16 + LEVELS).astype(np.uint8)


@cache
def _word_sprite(size: int) -> NDArray[np.uint8]:
    font = ImageFont.load_default(size)
    left, top, right, bottom = (int(value) for value in font.getbbox(WORD))
    pad = max(1, size // 5)
    image = Image.new("L", (right - left + 2 * pad, bottom - top + 2 * pad), 32)
    ImageDraw.Draw(image).text((pad - left, pad - top), WORD, fill=240, font=font)
    return _as_levels(image)


@cache
def _glyph_sprite(shape: str, letter: str, side: int) -> NDArray[np.uint8]:
    """A light plate with the outline of the shape and the letter inside, `side` pixels square."""
    large = side * _FINE
    image = Image.new("L", (large, large), 224)
    draw = ImageDraw.Draw(image)
    draw.polygon(outline(shape, large), fill=248, outline=32, width=max(1, large // 22))
    font = ImageFont.load_default(large * 0.44)
    draw.text((large / 2, large * _letter_height(shape)), letter, fill=32, font=font, anchor="mm")
    return _as_levels(image.resize((side, side), Image.Resampling.BOX))


def _letter_height(shape: str) -> float:
    return 0.60 if shape == "triangle" else 0.5


def outline(shape: str, large: int) -> list[tuple[float, float]]:
    """Corners of a shape in a square of `large` pixels, clockwise from the top."""
    if shape == "cross":
        arm, end = 0.27, 0.46
        corner = [(-arm, -end), (arm, -end), (arm, -arm)]
        spots = [_quarters(x, y, turn) for turn in range(4) for x, y in corner]
    else:
        radii = _RADII.get(shape) or [0.46] * _CORNERS[shape]
        turn = math.pi / len(radii) if shape in {"square", "octagon", "frame"} else 0.0
        angles = [2 * math.pi * i / len(radii) + turn for i in range(len(radii))]
        spots = [(r * math.sin(a), -r * math.cos(a)) for r, a in zip(radii, angles, strict=True)]
    return [(large * (0.5 + x), large * (0.5 + y)) for x, y in spots]


def _quarters(x: float, y: float, turns: int) -> tuple[float, float]:
    """A point after so many quarter turns clockwise."""
    for _ in range(turns):
        x, y = -y, x
    return x, y
