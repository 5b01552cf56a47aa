"""The picture of a HEIF or AVIF, decoded inside the sandbox by the decoders that videos have anyway. No Django.

`fileorigin` reads what the picture is made of; FFmpeg, by way of PyAV, decodes its tiles, with one thread. Nothing else
of the file is decoded: no thumbnail, no depth, no map of brightness.
"""

import io
from collections.abc import Iterator, Sequence
from typing import NoReturn, cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from PIL import Image

from fileorigin.containers import heif
from fileorigin.containers.heif import NoPlan, Plan, Step
from hashmatch.canonical import canonical_picture
from hashmatch.errors import UnreadableImage

CODECS = {"hvc1": frozenset({"hevc"}), "av01": frozenset({"av1", "libdav1d"})}
_TURNS = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
_FORMATS = {"RGB": "rgb24", "L": "gray"}
_MIRRORS = (Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT)


def picture_of(data: bytes, *, max_pixels: int) -> Image.Image:
    """Decode to 8-bit RGB by the rule of `hashmatch.canonical`. Raises `UnreadableImage`.

    Its reason is ``unknown_format`` for what holds more than one picture, or is put together in another way.
    """
    try:
        plan = heif.plan(data)
    except NoPlan as error:
        raise UnreadableImage("unknown_format", str(error)) from error
    if plan.width * plan.height > max_pixels:
        raise UnreadableImage("too_large", f"The picture is {plan.width} x {plan.height} pixels, and not decoded.")
    picture = _decoded_by(plan, plan.steps, data, "RGB", max_pixels)
    if plan.profile:
        picture.info["icc_profile"] = plan.profile
    picture = canonical_picture(picture)
    if plan.alpha is not None:
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=_decoded_by(plan.alpha, plan.steps, data, "L", max_pixels))
        picture = white
    return picture


def _decoded_by(plan: Plan, steps: Sequence[Step], data: bytes, mode: str, max_pixels: int) -> Image.Image:
    try:
        with av.open(io.BytesIO(data), mode="r", format="mov", metadata_errors="ignore") as container:
            picture = _put_together(container, plan, mode, max_pixels)
    except (FFmpegError, ValueError, OverflowError, IndexError) as error:
        raise UnreadableImage("corrupt", "The picture cannot be decoded.") from error
    for step in steps:
        picture = _taken(picture, step)
    return picture


def _put_together(container: InputContainer, plan: Plan, mode: str, max_pixels: int) -> Image.Image:
    wanted = _streams(container, plan)
    side = (wanted[0].width, wanted[0].height)
    if side[0] * side[1] * len(plan.tiles) > 2 * max_pixels:
        raise UnreadableImage("too_large", "The tiles of the picture have more pixels than may be decoded.")
    # One tile at a time, and none copied that is the whole: memory is short.
    tiles = _decoded(container, wanted, mode)
    size = (plan.width, plan.height)
    if len(plan.tiles) == 1:
        for _, tile in tiles:
            return tile if tile.size == size else tile.crop((0, 0, *size))
        return _missing()
    whole = Image.new(mode, size)
    missing = set(plan.tiles)
    for item, tile in tiles:
        missing.discard(item)
        for place in (place for place, named in enumerate(plan.tiles) if named == item):
            row, column = divmod(place, plan.columns)
            whole.paste(tile, (column * side[0], row * side[1]))
    return _missing() if missing else whole


def _missing() -> NoReturn:
    raise UnreadableImage("corrupt", "A part of the picture cannot be decoded.")


def _streams(container: InputContainer, plan: Plan) -> list[VideoStream]:
    """Return the streams of the tiles, each once, told to use one thread."""
    streams = {stream.id: stream for stream in container.streams.video}
    if not set(plan.tiles) <= set(streams):
        raise UnreadableImage("unknown_format", "A part of the picture is not there.")
    wanted = [streams[tile] for tile in dict.fromkeys(plan.tiles)]
    if any(stream.codec_context.name not in CODECS[plan.codec] for stream in wanted):
        raise UnreadableImage("unknown_format", "The picture is coded in another way than it says.")
    for stream in wanted:
        stream.thread_type, stream.codec_context.thread_count = "NONE", 1
    return wanted


def _decoded(container: InputContainer, wanted: list[VideoStream], mode: str) -> Iterator[tuple[int, Image.Image]]:
    """Yield item number and pixels; of what is coded in several frames the first."""
    seen = set[int]()
    for packet in container.demux(wanted):
        for frame in packet.decode():
            assert isinstance(frame, av.VideoFrame)
            if packet.stream.id not in seen:
                seen.add(packet.stream.id)
                yield packet.stream.id, _pixels(frame, mode)


def _pixels(frame: av.VideoFrame, mode: str) -> Image.Image:
    """Return a frame's pixels, copied once: an array between would take as much memory again."""
    plane = frame.reformat(format=_FORMATS[mode], threads=1).planes[0]
    # The types of PyAV do not say that a plane is a buffer, which it is.
    rows = np.frombuffer(cast("memoryview[int]", plane), np.uint8)
    return Image.frombuffer(mode, (frame.width, frame.height), rows, "raw", mode, plane.line_size, 1)


def _taken(picture: Image.Image, step: Step) -> Image.Image:
    if step.kind == "crop":
        left, top, width, height = step.numbers
        return picture.crop((left, top, left + width, top + height))
    (way,) = step.numbers
    if step.kind == "mirror":
        return picture.transpose(_MIRRORS[way])
    return picture.transpose(_TURNS[way]) if way else picture
