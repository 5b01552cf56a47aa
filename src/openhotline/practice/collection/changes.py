"""The ways in which a near duplicate differs from its original."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from openhotline.practice.collection.glyphs import WORD

ORIENTATION = 0x0112
_TURNS = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation and how pixels must be stored so that a reader who obeys it sees them upright."""


def apply(change: str, image: Image.Image, rng: np.random.Generator) -> tuple[Image.Image, int]:
    """Change an RGB picture; answers the new picture and the EXIF orientation to store with it (1: none)."""
    if change == "exif_rotated":
        orientation = int(rng.choice(list(_TURNS)))
        return image.transpose(_TURNS[orientation]), orientation
    return _CHANGES.get(change, _unchanged)(image, rng), 1


def _unchanged(image: Image.Image, _rng: np.random.Generator) -> Image.Image:
    """Recompressed and format_changed differ only in how they are encoded."""
    return image


def _resized(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    factor = float(rng.uniform(0.5, 0.9))
    size = (max(256, int(image.width * factor)), max(256, int(image.height * factor)))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _cropped(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    left, top, right, bottom = rng.uniform(0.002, 0.011, 4)
    box = (
        int(image.width * left),
        int(image.height * top),
        int(image.width * (1 - right)),
        int(image.height * (1 - bottom)),
    )
    return image.crop(box)


def _brightened(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    gain, lift = float(rng.uniform(1.04, 1.16)), float(rng.uniform(2, 14))
    return image.point([min(255, int(value * gain + lift)) for value in range(256)] * 3)


def _watermarked(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The word again in half-light, somewhere in the middle of the picture."""
    marked = image.copy()
    size = max(12, image.width // 16)
    at = (float(rng.uniform(0.1, 0.4)) * image.width, float(rng.uniform(0.2, 0.75)) * image.height)
    draw = ImageDraw.Draw(marked, "RGBA")
    font = ImageFont.load_default(size)
    draw.text(at, f"{WORD} copy", fill=(240, 240, 240, 120), font=font)
    return marked


_CHANGES: dict[str, Callable[[Image.Image, np.random.Generator], Image.Image]] = {
    "resized": _resized,
    "cropped": _cropped,
    "brightened": _brightened,
    "watermarked": _watermarked,
}
