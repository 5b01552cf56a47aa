"""The program inside the sandbox: one hostile picture in, facts and pixels out. It imports no Django.

What FFmpeg decodes has a program of its own (`video_program`): whatever a process has mapped is copied for each file
that it opens, and half of that would be FFmpeg's.
"""

import base64
from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

import numpy as np
from PIL import Image, ImageFilter

import fileorigin
import hashmatch
from hashmatch.errors import UnreadableImage
from openhotline.core.sandbox.protocol import Answer, Json, Limits, Refused
from openhotline.evidence.examiner import warming
from openhotline.evidence.examiner.first_bytes import is_other_kind
from openhotline.evidence.states import MAX_SEALED, MAX_SIDE, TILE_SIDE, UNREADABLE_SENTENCES, UnreadableReason

MAX_PIXELS = 50_000_000
MEMORY = Limits().memory
# Bytes of memory: of a pixel while it is decoded, of one while marks are sought in it, and of all that is no pixel.
_A_PIXEL, _A_MARKED_PIXEL, _BESIDE = 9, 15, 16 << 20
Options = Mapping[str, Json]
NO_PICTURE = frozenset({UnreadableReason.EMPTY, UnreadableReason.UNKNOWN_FORMAT})
_BLUR = 0.04  # radius of the tile's blur, as a share of its longer side: composition stays, detail goes


class Pixels(NamedTuple):
    """A picture's canonical pixels, by which rule they were made, and the file's format."""

    picture: Image.Image
    canonical: str
    format: str


Decoder = Callable[[bytes], Pixels]
Task = Callable[[bytes, dict[str, Json]], Answer]


def open_file(data: bytes, options: dict[str, Json]) -> Answer:
    """Examine a file; by ``options["task"]`` only hash it ("hash"), or answer with the plane a reveal shows ("render").

    Raises `Refused` with a code of `UnreadableReason` (with "-" for "_") for what is not a readable picture.
    """
    return done(TASKS, data, options)


def done(tasks: Mapping[str, Task], data: bytes, options: dict[str, Json]) -> Answer:
    """Do the task that is asked. Raises `Refused` as `open_file` does."""
    if not data:
        raise refusal(UnreadableReason.EMPTY)
    try:
        return tasks[str(options.get("task", "examine"))](data, options)
    except UnreadableImage as error:
        raise refusal(_why(error, data)) from error


def _why(error: UnreadableImage, data: bytes) -> UnreadableReason:
    """Return why a file's pixels cannot be had. Of a kind of which only a part is decoded, the fault may be ours."""
    reason = UnreadableReason(error.reason)
    ours = reason in {UnreadableReason.UNKNOWN_FORMAT, UnreadableReason.CORRUPT} and is_other_kind(data)
    return UnreadableReason.OTHER_KIND if ours else reason


def most_pixels(data: bytes, each: int = _A_PIXEL) -> int:
    """Return how many pixels fit into the sandbox's memory beside the file; more are refused before decoding."""
    return min(MAX_PIXELS, (MEMORY - len(data) - _BESIDE) // each)


def decoded(data: bytes) -> Pixels:
    """Decode what Pillow decodes. Raises `UnreadableImage`."""
    picture, canonical, found = hashmatch.pdq.decoded_picture(data, max_pixels=most_pixels(data))
    return Pixels(picture, canonical, found["format"])


def hashed(data: bytes, _options: Options, pixels: Decoder = decoded) -> Answer:
    """Answer with the PDQ hash, its quality and by which rule the pixels were made, and nothing else."""
    picture, canonical, _ = pixels(data)
    found = hashmatch.pdq.from_picture(picture, canonical=canonical)
    return Answer({"pdq": found.hash.hex(), "quality": found.quality, "canonical": found.canonical})


def examine(data: bytes, options: Options, pixels: Decoder = decoded) -> Answer:
    """Answer with hashes and provenance as facts, and one plane: the tile (grey, blurred, at most 160 a side).

    Of a file whose pixels cannot be had the answer is why not, its provenance, and no plane.
    ``options["trust"]`` are the operator's trust lists, if there are any.
    """
    try:
        picture, canonical, name = pixels(data)
    except UnreadableImage as error:
        return unseen(_why(error, data), data, options)
    hashed = hashmatch.pdq.from_picture(picture, canonical=canonical)
    facts: dict[str, Json] = {
        "format": name,
        "width": picture.width,
        "height": picture.height,
        "pdq": hashed.hash.hex(),
        "quality": hashed.quality,
        "canonical": hashed.canonical,
    }
    plane = tile(picture)
    # Marks in pixels are looked for in pixels of their own, for which there is room once these are gone.
    del picture
    return Answer(facts | origin(data, options), [plane])


def unseen(reason: UnreadableReason, data: bytes, options: Options) -> Answer:
    """Answer why a file's pixels cannot be had, and with its provenance. Raises `Refused` for what is no picture."""
    if reason in NO_PICTURE:
        raise refusal(reason)
    return Answer({"unreadable": reason.value, **origin(data, options)})


def origin(data: bytes, options: Options, *, decode: bool = True) -> dict[str, Json]:
    """Return provenance and what of it is sealed, as facts of a file; without ``decode`` no marks in pixels."""
    told = cast("dict[str, Json] | None", options.get("trust"))
    trust = fileorigin.TrustLists.from_dict(told) if told else None
    most = most_pixels(data, _A_MARKED_PIXEL) if decode else 0
    found = fileorigin.examine(data, trust=trust, most_pixels=most)
    return {"provenance": cast("Json", found.to_dict()), "sealed": cast("Json", sealable(found.sealed))}


def without_pixels(data: bytes, options: Options) -> Answer:
    """Answer with what a file says of itself and with no pixels: for one that took too much when it was decoded."""
    return Answer({"unreadable": UnreadableReason.KILLED.value, **origin(data, options, decode=False)})


def render(data: bytes, options: Options) -> Answer:
    """Answer with one plane of at most ``max_side`` pixels a side: grey (h, w), or RGB (h, w, 3) with ``colour``."""
    return shown(decoded(data).picture, options)


def shown(picture: Image.Image, options: Options) -> Answer:
    """Answer with the plane that `render` asks for; the picture is changed."""
    side = min(int(cast("int", options.get("max_side", MAX_SIDE))), MAX_SIDE)
    if not options.get("colour"):
        picture = picture.convert("L")
    picture.thumbnail((side, side), Image.Resampling.BICUBIC)
    return Answer({}, [np.asarray(picture)])


TASKS: dict[str, Task] = {"examine": examine, "hash": hashed, "render": render, "without_pixels": without_pixels}


def tile(picture: Image.Image) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Return the small grey blurred plane that stands for a picture before anybody chose to see it."""
    # A fresh copy each time: thumbnail works in place.
    small = picture.reduce(max(1, max(picture.size) // (2 * TILE_SIDE))).convert("L")
    small.thumbnail((TILE_SIDE, TILE_SIDE), Image.Resampling.BILINEAR)
    return np.asarray(small.filter(ImageFilter.GaussianBlur(max(1.0, _BLUR * max(small.size)))))


def sealable(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return prompts, thumbnails and free text in base64, the smallest first, up to 2 MiB in all."""
    kept: dict[str, str] = {}
    left = MAX_SEALED
    for name, content in sorted(parts.items(), key=lambda part: len(part[1])):
        left -= len(content)
        if left < 0:
            break
        kept[name] = base64.b64encode(content).decode()
    return kept


def refusal(reason: UnreadableReason) -> Refused:
    """Return the exception that tells the parent why a file is unreadable."""
    return Refused(reason.value.replace("_", "-"), UNREADABLE_SENTENCES[reason])


def warm() -> bytes:
    """Load everything that a file can make us load, while that is still possible: codecs, profiles, native readers.

    Returns a file of the usual kind.
    """
    fileorigin.warm()
    for sample in warming.pictures():
        for options in (warming.EXAMINED, warming.HASHED, warming.SHOWN):
            open_file(sample, options)
    return warming.usual_picture()
