"""Generated pictures to measure with: noise, waves, cells, shapes and ramps, in colour and with grain. No people."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

import hashmatch

Field = NDArray[np.float32]
HASHES_FILE = "pictures.npy"
_PATCH = 512


def picture(seed: int, width: int, height: int, grain: float = 3.0) -> Image.Image:
    """Paint a picture; the same arguments give the same one. `grain`: grey values that single pixels stray by."""
    rng = np.random.default_rng(seed)
    small = (max(8, height // 4), max(8, width // 4))
    field = _KINDS[seed % len(_KINDS)](rng, *small) + np.float32(0.3) * _noise(rng, *small)
    field = (field - field.min()) / max(float(np.ptp(field)), 1e-6)
    large = Image.fromarray(field).resize((width, height), Image.Resampling.BICUBIC)
    colours = _palette(rng)[np.clip(np.asarray(large) * 255, 0, 255).astype(np.uint8)]
    patch = rng.normal(0, grain, (min(_PATCH, height), min(_PATCH, width), 1)).astype(np.float32)
    colours += np.tile(patch, (-(-height // _PATCH), -(-width // _PATCH), 1))[:height, :width]
    return Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    """The file of a picture: `kind` is Pillow's name of a format."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def picture_hashes(folder: Path, count: int) -> NDArray[np.uint8]:
    """PDQ hashes (count, 32) of generated pictures: as unevenly spread as those of real ones, unlike random bits.

    Kept in the folder as `pictures.npy`, for the next call and for other suites.
    """
    path = folder / HASHES_FILE
    if path.exists() and len(kept := np.load(path, allow_pickle=False)) >= count:
        return np.asarray(kept[:count], np.uint8)
    made = b"".join(hashmatch.pdq.from_pixels(np.asarray(picture(seed, 192, 144))).hash for seed in range(count))
    hashes = np.frombuffer(made, np.uint8).reshape(-1, 32)
    np.save(path, hashes, allow_pickle=False)
    return hashes


def _noise(rng: np.random.Generator, height: int, width: int) -> Field:
    """Fractal noise: each octave finer and weaker."""
    total = np.zeros((height, width), np.float32)
    for octave in range(1, 6):
        cells = rng.random((2**octave + 1, 2**octave + 1), np.float32)
        total += np.asarray(Image.fromarray(cells).resize((width, height), Image.Resampling.BICUBIC)) / 2**octave
    return total


def _waves(rng: np.random.Generator, height: int, width: int) -> Field:
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    total = np.zeros((height, width), np.float32)
    for _ in range(4):
        across, down, phase = rng.uniform(-20, 20), rng.uniform(-20, 20), rng.uniform(0, 6.3)
        total += np.sin(across * x + down * y + phase).astype(np.float32)
    return total


def _cells(rng: np.random.Generator, height: int, width: int) -> Field:
    """Distance to the nearest of some points."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    nearest = np.full((height, width), 9, np.float32)
    for point in rng.random((int(rng.integers(6, 30)), 2)):
        nearest = np.minimum(nearest, (y - point[0]) ** 2 + (x - point[1]) ** 2).astype(np.float32)
    field: Field = np.sqrt(nearest) * np.float32(4)
    return field


def _shapes(rng: np.random.Generator, height: int, width: int) -> Field:
    image = Image.new("L", (width, height), int(rng.integers(256)))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(5, 25))):
        left, right = sorted(rng.integers(0, width, 2).tolist())
        top, bottom = sorted(rng.integers(0, height, 2).tolist())
        form = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        form((left, top, right, bottom), fill=int(rng.integers(256)))
    field: Field = np.asarray(image, np.float32) / np.float32(128)
    return field


def _ramps(rng: np.random.Generator, height: int, width: int) -> Field:
    """A horizon: two slopes that meet at a rough line."""
    line = np.interp(np.linspace(0, 1, width), np.linspace(0, 1, 9), rng.uniform(0.3, 0.7, 9))
    y = np.linspace(0, 1, height)[:, None]
    field: Field = np.where(y < line, y * rng.uniform(0.5, 2), 2 - y * rng.uniform(0.5, 2)).astype(np.float32)
    return field


_KINDS: tuple[Callable[[np.random.Generator, int, int], Field], ...] = (_noise, _waves, _cells, _shapes, _ramps)


def _palette(rng: np.random.Generator) -> Field:
    """256 colours blended from five."""
    stops = rng.uniform(10, 245, (5, 3))
    bands = [np.interp(np.linspace(0, 4, 256), np.arange(5), stops[:, band]) for band in range(3)]
    return np.stack(bands, axis=1).astype(np.float32)
