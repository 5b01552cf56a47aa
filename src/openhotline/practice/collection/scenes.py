"""Scenes without anybody in them: landscapes, cells, waves, shapes, gradients and fractal noise.

A scene is a field of levels 0..239 and a palette that gives them colours; levels 240..255 are 16 neutral
greys, kept for the glyph and the words on top. So one array serves every file format, GIF included.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Field = NDArray[np.float32]
Levels = NDArray[np.uint8]
LEVELS = 240
_LONGEST = 2400
_OFFSETS = 64
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True, slots=True)
class Scene:
    """Levels (height, width) and the palette (256, 3) that colours them."""

    levels: Levels
    palette: NDArray[np.uint8]

    def coloured(self) -> Image.Image:
        """The scene in RGB."""
        return Image.fromarray(self.palette[self.levels])

    def indexed(self) -> Image.Image:
        """The scene with its palette, as GIF stores it."""
        height, width = self.levels.shape
        image = Image.frombytes("P", (width, height), self.levels.tobytes())
        image.putpalette(self.palette.tobytes())
        return image


def paint(rng: np.random.Generator, width: int, height: int) -> Scene:
    """Paint a scene of the given size in pixels; the same state of `rng` gives the same scene.

    Raises:
        ValueError: a side is longer than the grain that is laid over every scene.
    """
    if max(width, height) > _LONGEST:
        raise ValueError(f"A scene of {width} x {height} is too large; sides up to {_LONGEST} are allowed.")
    kind = _KINDS[int(rng.integers(len(_KINDS)))]
    small = (max(16, width // 3), max(16, height // 3))
    field = kind(rng, *small) + np.float32(rng.uniform(0.15, 0.3)) * _noise(rng, *small, cells=4)
    levels = _resized(_spread(field) * (LEVELS - 9) + 4, width, height)
    levels += _grain(int(rng.integers(_OFFSETS)), width, height)
    return Scene(np.clip(levels, 0, LEVELS - 1).astype(np.uint8), _palette(rng))


def _palette(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Five colours of evenly spread brightness in random order, blended, then the greys."""
    stops = rng.uniform(30, 225, (5, 3))
    wanted = rng.permutation(np.linspace(35, 220, 5))
    stops += (wanted - stops @ _LUMA)[:, None]
    at = np.linspace(0, 4, LEVELS)
    colours = np.stack([np.interp(at, np.arange(5), stops[:, band]) for band in range(3)], axis=1)
    greys = np.repeat(np.linspace(0, 255, 16)[:, None], 3, axis=1)
    palette: NDArray[np.uint8] = np.clip(np.concatenate([colours, greys]), 0, 255).astype(np.uint8)
    return palette


def _resized(field: Field, width: int, height: int) -> Field:
    image = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.array(image.resize((width, height), Image.Resampling.BICUBIC))


def _spread(field: Field) -> Field:
    """Stretch to 0..1, cutting the outermost 2 % on each side so that contrast is always used."""
    low, high = np.quantile(field[::2, ::2], (0.02, 0.98))
    stretched = (field - np.float32(low)) / np.float32(max(high - low, 1e-6))
    clipped: Field = np.clip(stretched, 0, 1)
    return clipped


@cache
def _grain_tile() -> Field:
    return np.random.default_rng(1).normal(0, 1.6, (_LONGEST + _OFFSETS,) * 2).astype(np.float32)


def _grain(offset: int, width: int, height: int) -> Field:
    return _grain_tile()[offset : offset + height, offset : offset + width]


def _noise(rng: np.random.Generator, width: int, height: int, cells: int, octaves: int = 4) -> Field:
    """Fractal value noise, about -1..1: each octave twice as fine and half as strong."""
    field = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        shape = (min(height, cells << octave), min(width, cells << octave))
        grid = rng.standard_normal(shape).astype(np.float32)
        field += _resized(grid, width, height) * np.float32(0.55**octave)
    return field * np.float32(0.5)


def _axes(width: int, height: int) -> tuple[Field, Field]:
    """Coordinates -1..1 of columns and rows, ready to broadcast."""
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    return across, down


def _fractal(rng: np.random.Generator, width: int, height: int) -> Field:
    return _noise(rng, width, height, cells=int(rng.integers(3, 8)), octaves=5)


def _landscape(rng: np.random.Generator, width: int, height: int) -> Field:
    """Sky, a disc, and ridges one before the other."""
    across, down = _axes(width, height)
    field = _noise(rng, width, height, cells=5) + down * np.float32(rng.uniform(-0.5, 0.5))
    sun = (across - rng.uniform(-0.8, 0.8)) ** 2 + (down - rng.uniform(-0.8, 0.0)) ** 2
    field[sun < rng.uniform(0.02, 0.1)] = rng.uniform(-1.5, 1.5)
    for foot in np.linspace(rng.uniform(-0.5, 0.1), 0.8, int(rng.integers(3, 6))):
        ridge = _noise(rng, width, 1, cells=int(rng.integers(4, 9)), octaves=6) * 0.5 + np.float32(foot)
        shade = np.float32(rng.uniform(-1.5, 1.5)) + _noise(rng, width, height, cells=10) * np.float32(0.6)
        field = np.where(down > ridge, shade, field)
    return field


def _cells(rng: np.random.Generator, width: int, height: int) -> Field:
    """Each pixel takes the level of the nearest of some points."""
    across, down = _axes(width, height)
    field = np.zeros((height, width), np.float32)
    nearest = np.full((height, width), np.float32(9))
    for x, y, level in rng.uniform(-1, 1, (int(rng.integers(14, 45)), 3)).astype(np.float32):
        distance = np.hypot(across - x, down - y)
        closer = distance < nearest
        field[closer] = level - distance[closer]
        nearest = np.minimum(nearest, distance)
    return field


def _shapes(rng: np.random.Generator, width: int, height: int) -> Field:
    """Overlapping ellipses, boxes and triangles."""
    image = Image.new("F", (width, height), 0.0)
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(18, 45))):
        corners = rng.uniform(-0.15, 1.15, (3, 2)) * (width, height)
        low, high = corners[:2].min(axis=0), corners[:2].max(axis=0)
        box = [*low.tolist(), *high.tolist()]
        level = float(rng.uniform(-1, 1))
        which = int(rng.integers(3))
        if which == 0:
            draw.ellipse(box, fill=level)
        elif which == 1:
            draw.rectangle(box, fill=level)
        else:
            draw.polygon([tuple(corner) for corner in corners.tolist()], fill=level)
    return np.array(image)


def _waves(rng: np.random.Generator, width: int, height: int) -> Field:
    """Crossing waves, bent by noise."""
    across, down = _axes(width, height)
    bend = _noise(rng, width, height, cells=4) * np.float32(rng.uniform(2, 5))
    field = np.zeros((height, width), np.float32)
    for _ in range(3):
        kx, ky, phase = rng.normal(0, 6, 3).astype(np.float32)
        field += np.sin(across * kx + down * ky + phase + bend)
    return field


def _gradient(rng: np.random.Generator, width: int, height: int) -> Field:
    """Rings or stripes around a point, on coarse texture."""
    across, down = _axes(width, height)
    x, y = rng.uniform(-1, 1, 2).astype(np.float32)
    distance = np.hypot(across - x, down - y)
    turns = np.arctan2(down - y, across - x) * np.float32(rng.integers(0, 4))
    rings: Field = np.sin(distance * np.float32(rng.uniform(2, 9)) + turns)
    return rings + _noise(rng, width, height, cells=int(rng.integers(4, 9))) * np.float32(1.2)


_KINDS: tuple[Callable[[np.random.Generator, int, int], Field], ...] = (
    _fractal,
    _landscape,
    _cells,
    _shapes,
    _waves,
    _gradient,
)
