"""However a picture is stored, its hash is the reference's of what Pillow shows of it: 340 generated files."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pdqhash
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from hashmatch import UnreadableImage, pdq

Pixels = NDArray[np.uint8]
MakePicture = Callable[[int, int, int], Pixels]
Encode = Callable[..., bytes]
SEEDS = 20


def _turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def _interlaced(pixels: Pixels) -> bytes:
    """A PNG in Adam7 order, which Pillow reads and does not write."""
    height, width = pixels.shape[:2]
    raw = bytearray()
    for top, left, down, right in (
        (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1),
    ):  # fmt: skip
        for row in pixels[top::down, left::right]:
            raw += b"\0" * bool(row.size) + row.tobytes()
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)),
        (b"IDAT", zlib.compress(raw)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def _with_alpha(pixels: Pixels) -> Image.Image:
    alpha = np.linspace(0, 255, pixels.shape[1]).astype(np.uint8) * np.ones((pixels.shape[0], 1), np.uint8)
    return Image.fromarray(np.dstack((pixels, alpha)))


def _deep(pixels: Pixels) -> NDArray[np.uint16]:
    return pixels[:, :, 0].astype(np.uint16) * 257


WAYS: dict[str, Callable[[Encode, Pixels], bytes]] = {
    "jpeg": lambda encode, p: encode(p, "JPEG", quality=85),
    "jpeg progressive": lambda encode, p: encode(p, "JPEG", quality=70, progressive=True),
    "jpeg full colour": lambda encode, p: encode(p, "JPEG", quality=95, subsampling=0),
    "jpeg grey": lambda encode, p: encode(Image.fromarray(p).convert("L"), "JPEG"),
    "jpeg cmyk": lambda encode, p: encode(Image.fromarray(p).convert("CMYK"), "JPEG"),
    "jpeg turned": lambda encode, p: encode(p, "JPEG", exif=_turned(6)),
    "jpeg mirrored": lambda encode, p: encode(p, "JPEG", exif=_turned(5)),
    "png": lambda encode, p: encode(p, "PNG"),
    "png interlaced": lambda _, p: _interlaced(p),
    "png palette": lambda encode, p: encode(Image.fromarray(p).quantize(60), "PNG"),
    "png grey": lambda encode, p: encode(Image.fromarray(p).convert("L"), "PNG"),
    "png 16 bit": lambda encode, p: encode(_deep(p), "PNG"),
    "png alpha": lambda encode, p: encode(_with_alpha(p), "PNG"),
    "png grey and alpha": lambda encode, p: encode(_with_alpha(p).convert("LA"), "PNG"),
    "webp": lambda encode, p: encode(p, "WEBP", quality=80),
    "webp alpha": lambda encode, p: encode(_with_alpha(p), "WEBP", lossless=True),
    "gif": lambda encode, p: encode(p, "GIF"),
}
QUICK = frozenset({"jpeg", "jpeg turned", "png", "webp"})


@pytest.fixture(scope="module")
def large_jpeg(make_picture: MakePicture, encode: Encode) -> bytes:
    """Large enough to be decoded in part."""
    return encode(make_picture(1, 1030, 1100), "JPEG", quality=60)


@given(position=st.floats(0, 1), size=st.integers(1, 40), fill=st.binary(min_size=1, max_size=1), kept=st.floats(0, 1))
def test_damaged_jpegs_are_hashes_or_unreadable(
    large_jpeg: bytes, position: float, size: int, fill: bytes, kept: float
) -> None:
    """Whichever path they take, nothing else is raised."""
    at = int(position * len(large_jpeg))
    data = (large_jpeg[:at] + fill * size + large_jpeg[at + size :])[: max(1, int(kept * 2 * len(large_jpeg)))]

    for exact in (True, False):
        try:
            outcome: object = pdq.from_bytes(data, exact=exact)
        except UnreadableImage as error:
            outcome = error
        assert isinstance(outcome, pdq.PDQ | UnreadableImage)


def _shown(data: bytes) -> Pixels:
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode.startswith("I"):
        return np.dstack([(np.asarray(image) >> 8).astype(np.uint8)] * 3)
    if image.mode in {"RGBA", "LA"}:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize("way", [way if way in QUICK else pytest.param(way, marks=pytest.mark.slow) for way in WAYS])
def test_hash_is_the_references_of_what_is_shown(make_picture: MakePicture, encode: Encode, way: str) -> None:
    """Of twenty pictures of different sizes and kinds, no bit and no point of quality differs."""
    for seed in range(SEEDS):
        data = WAYS[way](encode, make_picture(seed, 90 + 13 * seed, 400 - 17 * seed))
        vector, quality = pdqhash.compute(_shown(data))

        result = pdq.from_bytes(data)

        assert (result.hash, result.quality) == (np.packbits(vector.astype(bool)).tobytes(), quality), seed
