"""Generated pictures in the ways in which pictures are stored: every format that browsers and Pillow both read."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageCms, features

from hashmatch.benchmarks.pictures import encoded, picture

Way = Callable[[Image.Image], bytes]
_ORIENTATION = 0x0112
# Adobe RGB (1998), adapted to D50: a space that browsers have to convert from.
_WIDE = {
    b"rXYZ": (0.60974, 0.31111, 0.01947),
    b"gXYZ": (0.20528, 0.62567, 0.06087),
    b"bXYZ": (0.14919, 0.06322, 0.74457),
}


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _turned(orientation: int) -> Way:
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    return lambda image: _saved(image, "JPEG", quality=88, exif=exif)


def _with_alpha(image: Image.Image) -> Image.Image:
    """Fades from nothing at the left to opaque at the right."""
    alpha = Image.fromarray(np.tile(np.linspace(0, 255, image.width).astype(np.uint8), (image.height, 1)))
    faded = image.convert("RGBA")
    faded.putalpha(alpha)
    return faded


def _deep_grey(image: Image.Image) -> bytes:
    return _saved(Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257), "PNG")


def _deep_colour(image: Image.Image) -> bytes:
    """A PNG of 16 bits a colour, which Pillow reads and does not write."""
    rows = (np.asarray(image).astype(">u2") * 257).astype(">u2").reshape(image.height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", image.width, image.height, 16, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def _see_through_palette(image: Image.Image) -> bytes:
    return _saved(image.quantize(64), "PNG", transparency=3)


def _animation(image: Image.Image) -> bytes:
    second = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return _saved(image, "GIF", save_all=True, append_images=[second], duration=200)


def wide_profile() -> bytes:
    """Return a colour profile with wider primaries than sRGB has, under another name."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", profile, 128)[0]
    for place in range(count):
        tag, start, _ = struct.unpack_from(">4sII", profile, 132 + 12 * place)
        if tag in _WIDE:
            struct.pack_into(">3i", profile, start + 8, *(round(value * 65536) for value in _WIDE[tag]))
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "wide".encode("utf-16-be"))


WAYS: dict[str, Way] = {
    "jpeg": lambda image: _saved(image, "JPEG", quality=85),
    "jpeg full colour": lambda image: _saved(image, "JPEG", quality=95, subsampling=0),
    "jpeg progressive": lambda image: _saved(image, "JPEG", quality=70, progressive=True),
    "jpeg grey": lambda image: _saved(image.convert("L"), "JPEG", quality=85),
    "jpeg cmyk": lambda image: _saved(image.convert("CMYK"), "JPEG", quality=90),
    **{f"jpeg exif {orientation}": _turned(orientation) for orientation in range(1, 9)},
    "jpeg wide colours": lambda image: _saved(image, "JPEG", quality=90, icc_profile=wide_profile()),
    "png": lambda image: _saved(image, "PNG"),
    "png wide colours": lambda image: _saved(image, "PNG", icc_profile=wide_profile()),
    "png palette": lambda image: _saved(image.quantize(60), "PNG"),
    "png see-through palette": _see_through_palette,
    "png grey": lambda image: _saved(image.convert("L"), "PNG"),
    "png alpha": lambda image: _saved(_with_alpha(image), "PNG"),
    "png grey and alpha": lambda image: _saved(_with_alpha(image).convert("LA"), "PNG"),
    "png 16 bit grey": _deep_grey,
    "png 16 bit colour": _deep_colour,
    "webp": lambda image: _saved(image, "WEBP", quality=80),
    "webp lossless": lambda image: _saved(image, "WEBP", lossless=True),
    "webp alpha": lambda image: _saved(_with_alpha(image), "WEBP", lossless=True),
    "gif": lambda image: _saved(image, "GIF"),
    "gif animation": _animation,
    **({"avif": lambda image: encoded(image, "AVIF", quality=80)} if features.check("avif") else {}),
}


def stored(rounds: int, *, shortest: int = 200, longest: int = 2600) -> Iterator[tuple[str, bytes]]:
    """Yield (way and number, file): in each round every way stores another picture of another size."""
    rng = np.random.default_rng(11)
    for turn in range(rounds):
        for place, (name, way) in enumerate(WAYS.items()):
            width, height = (int(side) for side in rng.integers(shortest, longest, 2))
            yield f"{name} #{turn}", way(picture(turn * len(WAYS) + place, width, height))
