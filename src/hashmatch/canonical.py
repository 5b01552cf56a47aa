"""Canonical pixels: what a person would see of a file, as one array, the same whoever computes it.

Upright by the EXIF orientation, in sRGB by the embedded colour profile (a profile that says it is sRGB, or
that cannot be used, is left out), transparency laid on white, palettes, grey, 16 bit and CMYK turned into
8-bit red, green and blue; of an animation the first frame. Formats: JPEG, PNG, WebP, GIF, and TIFF of one picture,
by content and not by name.
"""

import io
import struct
import warnings
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypedDict, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PIL import (
    GifImagePlugin,
    Image,
    ImageCms,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from hashmatch import picture_memory
from hashmatch.containers import Container, Format, inspect
from hashmatch.errors import UnreadableImage

CANONICAL = "upright-srgb-white/1"
MAX_PIXELS = 100_000_000
MAX_FRAMES = 5_000

Result = TypeVar("Result")

_OPEN: dict[Format, Callable[[io.BytesIO], Image.Image]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
}
_ORIENTATION = 0x0112
_IN_ONE_PIECE = 4_000_000  # pixels that Pillow surely keeps in one block of 16 MiB
_STRIP_PIXELS = 1 << 17
_FINE_ENOUGH = 512  # pixels of the shorter side that a draft keeps
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Facts(TypedDict):
    """Of the file: its format and frames; of the canonical picture: width and height in pixels."""

    format: Format
    width: int
    height: int
    frames: int


class CanonicalPixels(NamedTuple):
    """`pixels` (height, width, 3) uint8 sRGB; `canonical`: the rule they follow; `facts` of the file."""

    pixels: NDArray[np.uint8]
    canonical: str
    facts: Facts


class CanonicalPicture(NamedTuple):
    """The same as `CanonicalPixels`, not copied out of Pillow: `picture` is of mode "RGB"."""

    picture: Image.Image
    canonical: str
    facts: Facts


class Draft(NamedTuple):
    """Luma of a JPEG as stored, at 1/`scale`, and how to turn it upright.

    `luma` (ceil(height / scale), ceil(width / scale)) uint8; `height` and `width` of the whole as stored. It is upright
    once its rows and columns are put in reverse order where `flipped` says so, and then exchanged if `transposed`.
    """

    luma: NDArray[np.uint8]
    height: int
    width: int
    scale: int
    flipped: tuple[bool, bool]
    transposed: bool


def canonical_pixels(data: bytes, *, max_pixels: int = MAX_PIXELS, max_frames: int = MAX_FRAMES) -> CanonicalPixels:
    """Decode a file to the pixels that are hashed and shown.

    The size in the header is compared with `max_pixels` (width times height; default 100 megapixels; Pillow
    stops at 178,956,970 whatever is asked), and the frames with `max_frames` (default 5,000), before
    anything is decoded. A picture takes about nine bytes of memory a pixel. Raises `UnreadableImage`, and
    nothing else, for any bytes.
    """
    picture, canonical, facts = decoded_picture(data, max_pixels=max_pixels, max_frames=max_frames)
    return CanonicalPixels(np.array(picture), canonical, facts)


def decoded_picture(data: bytes, *, max_pixels: int = MAX_PIXELS, max_frames: int = MAX_FRAMES) -> CanonicalPicture:
    """Decode as `canonical_pixels` does, at about seven bytes of memory a pixel, for a caller who goes on with Pillow.

    Same errors.
    """
    picture, container = _decoded(data, max_pixels, max_frames, canonical_picture)
    facts = Facts(format=container.format, width=picture.width, height=picture.height, frames=container.frames)
    return CanonicalPicture(picture, CANONICAL, facts)


def canonical_strips(
    data: bytes, *, unit: int, max_pixels: int = MAX_PIXELS, max_frames: int = MAX_FRAMES
) -> tuple[Iterator[NDArray[np.uint8]], int, int]:
    """Decode as `canonical_pixels` does, and hand the pixels out from top to bottom; also height and width.

    A strip is (rows, 4 * width) uint8: red, green, blue and one byte without meaning. All but the last have a
    multiple of `unit` rows. Same errors, before the first strip.
    """
    picture, _ = _decoded(data, max_pixels, max_frames, canonical_picture)
    return strips_of(picture, unit), picture.height, picture.width


def strips_of(picture: Image.Image, unit: int) -> Iterator[NDArray[np.uint8]]:
    """Hand out the pixels of an RGB picture as `canonical_strips` does."""
    if picture.width * picture.height <= _IN_ONE_PIECE:
        yield picture_memory.rgbx(picture)
        return
    rows = max(1, _STRIP_PIXELS // (picture.width * unit)) * unit
    for top in range(0, picture.height, rows):
        yield picture_memory.rgbx(picture.crop((0, top, picture.width, min(top + rows, picture.height))))


def draft_luma(data: bytes, *, max_pixels: int = MAX_PIXELS, max_frames: int = MAX_FRAMES) -> Draft | None:
    """Decode only the luma of a large JPEG and only at a half, a quarter or an eighth of its size.

    None where that would not be the canonical picture (another format, CMYK, another colour space) or not fine enough
    (a side under 1024 pixels): use `canonical_pixels` then. Same errors.
    """
    return _decoded(data, max_pixels, max_frames, _draft)[0]


def _draft(image: Image.Image) -> Draft | None:
    width, height = image.size
    scale = next((s for s in (8, 4, 2) if min(width, height) >= s * _FINE_ENOUGH), 1)
    plain = isinstance(image, JpegImagePlugin.JpegImageFile) and image.mode in {"RGB", "L"}
    if not plain or scale == 1 or _foreign_profile(image.info.get("icc_profile")):
        return None
    image.draft("L", (width // scale, height // scale))
    luma = np.array(image)
    if luma.shape != (-(-height // scale), -(-width // scale)):
        return None
    orientation = _orientation(image)
    flipped = (orientation in {3, 4, 6, 7}, orientation in {2, 3, 7, 8})
    return Draft(luma, height, width, scale, flipped, orientation in {5, 6, 7, 8})


def _decoded(
    data: bytes, max_pixels: int, max_frames: int, result: Callable[[Image.Image], Result]
) -> tuple[Result, Container]:
    """Open within the limits and decode by `result`; anything that goes wrong is an `UnreadableImage`."""
    container = inspect(data, max_frames=max_frames)
    with warnings.catch_warnings():
        # Pillow warns of damaged EXIF and large sizes; the one does not matter here, the other is checked below.
        warnings.simplefilter("ignore")
        try:
            with _opened(data, container, max_pixels) as image:
                return result(image), container
        except UnreadableImage:
            raise
        except Exception as error:
            raise _damaged(error, container) from error


def _opened(data: bytes, container: Container, max_pixels: int) -> Image.Image:
    if container.pixels > max_pixels:
        raise UnreadableImage(
            "too_large", f"The canvas has {container.pixels} pixels; at most {max_pixels} are decoded."
        )
    image = _OPEN[container.format](io.BytesIO(data))
    width, height = image.size
    if width * height > max_pixels:
        image.close()
        raise UnreadableImage(
            "too_large",
            f"The picture is {width} x {height} pixels; at most {max_pixels} are decoded. Raise the "
            "limit or scale it down.",
        )
    return image


def _damaged(error: Exception, container: Container) -> UnreadableImage:
    if isinstance(error, MemoryError | Image.DecompressionBombError):
        return UnreadableImage("too_large", f"The {container.format} picture needs more memory than there is.")
    if not container.complete or "truncated" in str(error):
        return UnreadableImage(
            "truncated", f"The {container.format} file ends too early: a part of it is missing. Get it again."
        )
    return UnreadableImage(
        "corrupt",
        f"The {container.format} file is damaged and cannot be decoded ({type(error).__name__}). Get it again.",
    )


def canonical_picture(image: Image.Image) -> Image.Image:
    """Upright 8-bit RGB of a decoded image, by the rule that `CANONICAL` names."""
    image.load()  # what stands behind the pixels, an EXIF block of a PNG for example, is known only now
    profile, orientation = image.info.get("icc_profile"), _orientation(image)
    image = _eight_bit(image)
    alpha = None
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        image = image.convert("RGB")
    elif image.mode in {"P", "1"}:
        image = image.convert("RGB")
    image = _in_srgb(image, profile)
    if alpha is not None:
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=alpha)
        image = white
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def _eight_bit(image: Image.Image) -> Image.Image:
    """16-bit grey by its upper byte, as 16-bit colour is decoded; everything else as it is."""
    if not image.mode.startswith("I"):
        return image
    values = np.asarray(image).astype(np.int64)
    return Image.fromarray((values >> 8).clip(0, 255).astype(np.uint8))


def _orientation(image: Image.Image) -> int:
    """1..8 out of the EXIF block alone (browsers do not read it out of XMP); 1 where there is none."""
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        return int(exif.get(_ORIENTATION, 1))
    except (SyntaxError, ValueError, TypeError, OSError, KeyError, IndexError, struct.error):
        return 1


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    embedded = _foreign_profile(profile)
    if embedded is not None:
        try:
            converted = ImageCms.profileToProfile(image, embedded, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return cast("Image.Image", converted)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # of another colour space, or damaged: shown as if it were not there, as browsers do
    return image if image.mode == "RGB" else image.convert("RGB")


def _foreign_profile(profile: object) -> ImageCms.ImageCmsProfile | None:
    """The embedded profile, unless there is none to be read or it says that it is sRGB."""
    if not isinstance(profile, bytes) or not profile:
        return None
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return None if ImageCms.getProfileDescription(embedded).startswith("sRGB") else embedded
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
