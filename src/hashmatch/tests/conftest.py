"""Generated pictures and hashes that several tests need."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.uint8]
MakePicture = Callable[[int, int, int], Pixels]
Encode = Callable[..., bytes]


def _noise(rng: np.random.Generator, height: int, width: int) -> Pixels:
    speckle = Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8))
    return np.array(speckle.filter(ImageFilter.GaussianBlur(float(rng.integers(0, 4)))))


def _gradient(rng: np.random.Generator, height: int, width: int) -> Pixels:
    coarse = rng.integers(0, 256, (*rng.integers(2, 20, 2), 3), np.uint8)
    return np.array(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def _boxes(rng: np.random.Generator, height: int, width: int) -> Pixels:
    pixels = np.full((height, width, 3), 245, np.uint8)
    for _ in range(rng.integers(0, 9)):
        y, x = rng.integers(0, height), rng.integers(0, width)
        pixels[y : y + height // 3 + 1, x : x + width // 4 + 1] = rng.integers(0, 256, 3)
    return pixels


_KINDS = (_noise, _gradient, _boxes)


@pytest.fixture(scope="session")
def make_picture() -> MakePicture:
    """Generate a picture of noise, a gradient or boxes: `make_picture(seed, height, width)`."""

    def make(seed: int, height: int, width: int) -> Pixels:
        return _KINDS[seed % len(_KINDS)](np.random.default_rng(seed), height, width)

    return make


@pytest.fixture(scope="session")
def encode() -> Encode:
    """Encode pixels or a Pillow image: `encode(pixels, "JPEG", quality=90)`."""

    def make(picture: Pixels | Image.Image, kind: str, **options: Any) -> bytes:
        image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
        stream = io.BytesIO()
        image.save(stream, kind, **options)
        return stream.getvalue()

    return make


def _distances(queries: Pixels, hashes: Pixels) -> NDArray[np.int64]:
    """Every distance, the slow and obvious way: (m, n)."""
    return np.bitwise_count(queries[:, None, :] ^ hashes[None, :, :]).sum(axis=2, dtype=np.int64)


@pytest.fixture(scope="session")
def distances() -> Callable[[Pixels, Pixels], NDArray[np.int64]]:
    """The oracle: all distances by plain numpy."""
    return _distances
