"""The pixels of a file as it stores them: no colour profile, no turning, nothing laid on white.

Only what can hold a mark in its pixels is decoded: PNG and WebP with eight bits a channel, and a JPEG whose colour
is not subsampled. Other files have a reason instead.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from fileorigin.containers import png
from fileorigin.containers.parts import Parts

MAX_PIXELS: Final = 50_000_000
_DRAFT = 256

Result = TypeVar("Result")


class Undecodable(Exception):  # noqa: N818 - named for what the pixels are, as UnreadableImage is
    """The pixels are not to be had; `reason` is a word of `vocabulary.REASONS` or `PROBLEMS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pixels:
    """Decodes at the first look and keeps what it decoded."""

    def __init__(self, data: bytes, parts: Parts, most: int = MAX_PIXELS) -> None:
        self._data = data
        self._parts = parts
        self._most = min(most, MAX_PIXELS)

    @cached_property
    def stored(self) -> NDArray[np.uint8] | Undecodable:
        """(height, width, 3 or 4) uint8 as stored, or why not."""
        try:
            return self._decode()
        except Undecodable as reason:
            return reason

    def small(self) -> NDArray[np.uint8]:
        """Luma (height, width) uint8, at least about 256 a side where the picture has as many. Raises `Undecodable`."""
        if isinstance(self.stored_or_none, np.ndarray):
            image = Image.fromarray(self.stored_or_none[..., :3])
        else:
            image = self._open()
            image.draft("L", (_DRAFT, _DRAFT))
        return decoded(lambda: _shrunk(image))

    @property
    def stored_or_none(self) -> NDArray[np.uint8] | None:
        """The stored pixels if they were decoded already; this never decodes."""
        found = self.__dict__.get("stored")
        return found if isinstance(found, np.ndarray) else None

    def _decode(self) -> NDArray[np.uint8]:
        if self._parts.lossy and not self._parts.alpha:
            raise Undecodable("chroma_subsampled")  # VP8 always is, and its alpha would be apart
        image = self._open()
        if isinstance(image, JpegImagePlugin.JpegImageFile) and _subsampled(image):
            raise Undecodable("chroma_subsampled")
        if image.mode not in {"RGB", "RGBA", "LA"}:
            raise Undecodable("other_pixels")
        return decoded(lambda: np.asarray(image.convert("RGBA") if image.mode == "LA" else image))

    def _open(self) -> Image.Image:
        opener = _OPENERS.get(self._parts.format)
        if opener is None:
            raise Undecodable("format_without_pixels")
        if not self._most:
            raise Undecodable("not_decoded")
        # Pillow refuses a PNG for the size of its texts alone; those were read by the walker, within its limits.
        data = png.bare(self._data) if self._parts.format == "png" else self._data
        image = decoded(lambda: opener(io.BytesIO(data)))
        if image.width * image.height > self._most:
            raise Undecodable("too_many_pixels")
        return image


def decoded(decode: Callable[[], Result]) -> Result:
    """What `decode` returns; whatever it raises becomes `Undecodable`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow warns of is judged here
            return decode()
    except Exception as error:
        raise Undecodable("undecodable_pixels") from error


def _shrunk(image: Image.Image) -> NDArray[np.uint8]:
    luma = image.convert("L")
    luma.thumbnail((_DRAFT, _DRAFT), Image.Resampling.BOX)
    return np.asarray(luma)


def _subsampled(image: JpegImagePlugin.JpegImageFile) -> bool:
    return len({layer[1:3] for layer in image.layer}) > 1


_OPENERS: dict[str, Callable[[io.BytesIO], Image.Image]] = {
    "png": PngImagePlugin.PngImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
    "jpeg": JpegImagePlugin.JpegImageFile,
}
