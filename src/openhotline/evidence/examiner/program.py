"""The program inside the sandbox: one hostile file in, facts and pixels out. It imports no Django."""

import base64
from collections.abc import Mapping
from typing import cast

import numpy as np
from PIL import Image, ImageFilter

import fileorigin
import hashmatch
from hashmatch.canonical import CANONICAL
from hashmatch.errors import UnreadableImage
from openhotline.core.sandbox.protocol import Answer, Json, Refused
from openhotline.evidence.examiner import still, video, warming
from openhotline.evidence.states import MAX_SEALED, MAX_SIDE, TILE_SIDE, UNREADABLE_SENTENCES, UnreadableReason

MAX_PIXELS = 50_000_000  # at about nine bytes each what fits the sandbox's memory; more is refused before decoding
OTHER_KINDS = (
    b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ", b"8BPS\0",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"FLV\1", b"\0\0\1\xba", b"\0\0\1\xb3",
)  # fmt: skip
"""How pictures begin that are not read, or only in part: TIFF (and the raw files of cameras that are TIFF), JPEG XL,
JPEG 2000, Photoshop's; and videos: those of Windows, of Flash, MPEG-1 and 2."""
NO_PICTURE = frozenset({UnreadableReason.EMPTY, UnreadableReason.UNKNOWN_FORMAT})
_BLUR = 0.04  # radius of the tile's blur, as a share of its longer side: composition stays, detail goes


def open_file(data: bytes, options: dict[str, Json]) -> Answer:
    """Examine a file; by ``options["task"]`` only hash it ("hash"), or answer with the plane a reveal shows ("render").

    Raises `Refused` with a code of `UnreadableReason` (with "-" for "_") for what is not a readable picture.
    """
    if not data:
        raise refusal(UnreadableReason.EMPTY)
    try:
        return TASKS[str(options.get("task", "examine"))](data, options)
    except UnreadableImage as error:
        raise refusal(_why(error, data)) from error


def _why(error: UnreadableImage, data: bytes) -> UnreadableReason:
    """Return why a file's pixels cannot be had. Of a kind of which only a part is decoded, the fault may be ours."""
    reason = UnreadableReason(error.reason)
    ours = reason in {UnreadableReason.UNKNOWN_FORMAT, UnreadableReason.CORRUPT} and is_other_kind(data)
    return UnreadableReason.OTHER_KIND if ours else reason


def is_other_kind(data: bytes) -> bool:
    """Say by the first bytes whether a file is a picture or a video of a kind that is not read, or only in part."""
    bitmap = data.startswith(b"BM") and data[6:10] == b"\0\0\0\0"
    return bitmap or bool(still.format_of(data)) or data.startswith(OTHER_KINDS)


def decoded(data: bytes) -> tuple[Image.Image, str, str]:
    """Return a picture's canonical pixels, by which rule they were made, and the file's format."""
    name = still.format_of(data)
    if name:
        return still.picture_of(data, max_pixels=MAX_PIXELS), CANONICAL, name
    picture, canonical, found = hashmatch.pdq.decoded_picture(data, max_pixels=MAX_PIXELS)
    return picture, canonical, found["format"]


def hashed(data: bytes, options: Mapping[str, Json]) -> Answer:
    """Answer with the PDQ hash, its quality and by which rule the pixels were made, and nothing else.

    With ``options["videos"]`` a video is answered with its frames' hashes; else it is no picture.
    """
    if options.get("videos") and video.container_of(data):
        return Answer({"video": _video_facts(video.stills_of(data))})
    picture, canonical, _ = decoded(data)
    found = hashmatch.pdq.from_picture(picture, canonical=canonical)
    return Answer({"pdq": found.hash.hex(), "quality": found.quality, "canonical": found.canonical})


def examine(data: bytes, options: Mapping[str, Json]) -> Answer:
    """Answer with hashes and provenance as facts, and one plane: the tile (grey, blurred, at most 160 a side).

    A video has no hash of its own but one of each frame that was taken; its tile is of its contact sheet. Of a file
    whose pixels cannot be had the answer is why not, its provenance, and no plane.
    ``options["trust"]`` are the operator's trust lists, if there are any.
    """
    try:
        if video.container_of(data):
            return _examine_video(data, options)
        picture, canonical, name = decoded(data)
    except (UnreadableImage, Refused) as error:
        code = _why(error, data) if isinstance(error, UnreadableImage) else error.reason.replace("-", "_")
        reason = UnreadableReason(code)
        if reason in NO_PICTURE:
            raise
        return Answer({"unreadable": reason.value, **_origin(data, options)})
    hashed = hashmatch.pdq.from_picture(picture, canonical=canonical)
    facts: dict[str, Json] = {
        "format": name,
        "width": picture.width,
        "height": picture.height,
        "pdq": hashed.hash.hex(),
        "quality": hashed.quality,
        "canonical": hashed.canonical,
    }
    return Answer(facts | _origin(data, options), [tile(picture)])


def _examine_video(data: bytes, options: Mapping[str, Json]) -> Answer:
    taken = video.stills_of(data)
    sheet = video.contact_sheet(taken.frames)
    facts: dict[str, Json] = {
        "format": taken.format,
        "width": sheet.width,
        "height": sheet.height,
        "pdq": None,
        "quality": None,
        "canonical": None,
        "video": _video_facts(taken),
    }
    return Answer(facts | _origin(data, options), [tile(sheet)])


def _video_facts(taken: video.Stills) -> Json:
    hashes = [hashmatch.pdq.from_picture(one.picture) for one in taken.frames]
    return {
        "width": taken.width,
        "height": taken.height,
        "milliseconds": taken.milliseconds,
        "complete": taken.complete,
        "frames": [
            [one.at_ms, found.hash.hex(), found.quality] for one, found in zip(taken.frames, hashes, strict=True)
        ],
    }


def _origin(data: bytes, options: Mapping[str, Json]) -> dict[str, Json]:
    told = cast("dict[str, Json] | None", options.get("trust"))
    found = fileorigin.examine(data, trust=fileorigin.TrustLists.from_dict(told) if told else None)
    return {"provenance": cast("Json", found.to_dict()), "sealed": cast("Json", sealable(found.sealed))}


def render(data: bytes, options: Mapping[str, Json]) -> Answer:
    """Answer with one plane of at most ``max_side`` pixels a side: grey (h, w), or RGB (h, w, 3) with ``colour``."""
    side = min(int(cast("int", options.get("max_side", MAX_SIDE))), MAX_SIDE)
    moves = video.container_of(data)
    picture = video.contact_sheet(video.stills_of(data).frames) if moves else decoded(data)[0]
    if not options.get("colour"):
        picture = picture.convert("L")
    picture.thumbnail((side, side), Image.Resampling.BICUBIC)
    return Answer({}, [np.asarray(picture)])


TASKS = {"examine": examine, "hash": hashed, "render": render}


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


def warm() -> None:
    """Load everything that a file can make us load, while that is still possible: codecs, profiles, native readers."""
    fileorigin.warm()
    for sample in warming.samples():
        open_file(sample, {})
        open_file(sample, {"task": "hash", "videos": True})
        open_file(sample, {"task": "render", "max_side": 32, "colour": True})
