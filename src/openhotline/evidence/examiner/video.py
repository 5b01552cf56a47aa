"""Still frames of a video, inside the sandbox: bounded in time, frames and pixels. Sound is never decoded. No Django.

FFmpeg, by way of PyAV, is given the bytes in memory and the name of one container; it opens nothing by itself, guesses
no other format, and uses one thread.
"""

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import av
import av.logging
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from openhotline.core.sandbox.protocol import Refused
from openhotline.evidence.examiner.first_bytes import container_of
from openhotline.evidence.states import MOST_FRAMES, UNREADABLE_SENTENCES, UnreadableReason

CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "mjpeg"})
LEAST_FRAMES = 8
"""Frames that are sought of a short one; between the two, one a second."""
MOST_PIXELS = 4096 * 2304
"""Pixels of one frame."""
WHOLE = 300_000_000
"""Pixels that are decoded one after the other; of a video with more, only key frames at equal distances are."""
SECONDS = 3.0
"""Of processor; the sandbox ends a file after five."""
FRAME_SIDE = 512
"""Pixels of the longer side at which a frame is hashed and shown."""
SHEET = 3
"""Rows and columns of a contact sheet."""
_MOST_PACKETS = 50_000
_MOST_ERRORS = 100
_MICROSECONDS = 1_000_000

# A message of a library must never wait for Python's lock, nor tell anything.
av.logging.set_level(None)


@dataclass(frozen=True)
class Still:
    """One frame, upright, at most 512 pixels a side, and how many milliseconds after the beginning it is shown."""

    at_ms: int
    picture: Image.Image


@dataclass(frozen=True)
class Stills:
    """The frames taken of a video. ``format``: MP4, WEBM or AVI; ``complete``: none was left out for want of time."""

    format: str
    width: int
    height: int
    milliseconds: int
    complete: bool
    frames: tuple[Still, ...]


def stills_of(data: bytes, *, seconds: float = SECONDS) -> Stills:
    """Decode frames at equal distances, at most 64. Raises `Refused` with a code of `UnreadableReason`.

    A damaged part is left out. What is unfinished after so many ``seconds`` of processor is told as not complete.
    """
    kind = container_of(data)
    if kind is None:
        raise _refusal(UnreadableReason.UNKNOWN_FORMAT)
    try:
        with av.open(io.BytesIO(data), mode="r", format=kind[1], metadata_errors="ignore") as container:
            return _taken(container, kind[0], time.process_time() + seconds)
    except (FFmpegError, ValueError, OverflowError, IndexError) as error:
        raise _refusal(UnreadableReason.CORRUPT) from error


def contact_sheet(frames: tuple[Still, ...]) -> Image.Image:
    """Return up to nine frames at equal distances side by side, in the order of time; the rest of the sheet is grey."""
    many = min(len(frames), SHEET * SHEET)
    chosen = [frames[round(place * (len(frames) - 1) / max(1, many - 1))].picture for place in range(many)]
    columns = next(side for side in range(1, SHEET + 1) if side * side >= many)
    rows = -(-many // columns)
    width, height = (max(picture.size[axis] for picture in chosen) for axis in (0, 1))
    sheet = Image.new("RGB", (columns * width, rows * height), (128, 128, 128))
    for place, picture in enumerate(chosen):
        sheet.paste(picture, (place % columns * width, place // columns * height))
    return sheet


def _taken(container: InputContainer, name: str, ends: float) -> Stills:
    if not container.streams.video:
        raise _refusal(UnreadableReason.UNKNOWN_FORMAT)
    stream = container.streams.video[0]
    if stream.codec_context is None or stream.codec_context.name not in CODECS:
        raise _refusal(UnreadableReason.OTHER_KIND)
    if not 0 < stream.width * stream.height <= MOST_PIXELS:
        raise _refusal(UnreadableReason.TOO_LARGE)
    stream.thread_type, stream.codec_context.thread_count = "NONE", 1
    length = _length(container, stream)
    found: dict[int, Still] = {}
    complete = False
    frames = _evenly(container, stream, length) if _is_long(stream, length) else _sampled(container, stream, length)
    for at_ms, frame in frames:
        if frame.width * frame.height > MOST_PIXELS:
            raise _refusal(UnreadableReason.TOO_LARGE)
        found.setdefault(at_ms, Still(at_ms, _upright(frame)))
        if time.process_time() > ends:
            break
    else:
        complete = True
    if not found:
        raise _refusal(UnreadableReason.CORRUPT)
    taken = tuple(found[at_ms] for at_ms in sorted(found))
    return Stills(name, stream.width, stream.height, round(length * 1000), complete, taken)


def _length(container: InputContainer, stream: VideoStream) -> float:
    """Return the seconds that the file says it lasts; 0 where it does not say."""
    if stream.duration and stream.time_base:
        return max(0.0, float(stream.duration * stream.time_base))
    return max(0.0, (container.duration or 0) / _MICROSECONDS)


def _is_long(stream: VideoStream, length: float) -> bool:
    rate = float(stream.average_rate or 25)
    return length * rate * stream.width * stream.height > WHOLE


def _step(length: float) -> float:
    return max(length / MOST_FRAMES, min(1.0, length / LEAST_FRAMES)) if length else 1.0


Found = Iterator[tuple[int, VideoFrame]]


def _sampled(container: InputContainer, stream: VideoStream, length: float) -> Found:
    """Decode everything, and yield the frames at equal distances."""
    step, due, many = _step(length), 0.0, 0
    for frame in _decoded(container, stream):
        at = _moment(frame, stream)
        if at >= due:
            yield round(at * 1000), frame
            # On a grid of its own, whatever frames there are: the same video coded anew gives the same moments.
            due, many = (int(at / step + 1e-6) + 1) * step, many + 1
            if many == MOST_FRAMES:
                return


def _evenly(container: InputContainer, stream: VideoStream, length: float) -> Found:
    """Yield the key frames at or before equal distances, in an order that covers the whole whenever it is ended."""
    stream.codec_context.skip_frame = "NONKEY"
    for place in range(MOST_FRAMES):
        backwards = int(f"{place:06b}"[::-1], 2)
        container.seek(int(length * backwards / MOST_FRAMES * _MICROSECONDS))
        for frame in islice(_decoded(container, stream), 1):
            yield round(_moment(frame, stream) * 1000), frame


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield frames as they come; a packet that cannot be decoded is left out, up to a hundred of them."""
    errors = 0
    for packet in islice(container.demux(stream), _MOST_PACKETS):
        try:
            yield from packet.decode()
        except FFmpegError:
            errors += 1
            if errors > _MOST_ERRORS:
                return


def _moment(frame: VideoFrame, stream: VideoStream) -> float:
    """Return the seconds after the beginning at which a frame is shown, 0 where it does not say."""
    if frame.pts is None or stream.time_base is None:
        return 0.0
    return max(0.0, float((frame.pts - (stream.start_time or 0)) * stream.time_base))


def _upright(frame: VideoFrame) -> Image.Image:
    scale = min(1.0, FRAME_SIDE / max(frame.width, frame.height))
    width, height = (max(1, round(side * scale)) for side in (frame.width, frame.height))
    picture = Image.fromarray(frame.reformat(width, height, "rgb24", threads=1).to_ndarray())
    turned = round(frame.rotation / 90) % 4
    return picture.rotate(90 * turned, expand=True) if turned else picture


def _refusal(reason: UnreadableReason) -> Refused:
    return Refused(reason.value.replace("_", "-"), UNREADABLE_SENTENCES[reason])
