"""The program inside the sandbox for what FFmpeg decodes: videos, HEIF and AVIF; else as `program`. No Django."""

import hashmatch
from hashmatch.canonical import CANONICAL
from openhotline.core.sandbox.protocol import Answer, Json, Refused
from openhotline.evidence.examiner import program, still, video, warming
from openhotline.evidence.examiner.first_bytes import container_of, format_of
from openhotline.evidence.examiner.program import Options, Pixels
from openhotline.evidence.states import UnreadableReason


def open_file(data: bytes, options: dict[str, Json]) -> Answer:
    """Do what `program.open_file` does, with videos, HEIF and AVIF as well."""
    return program.done(TASKS, data, options)


def decoded(data: bytes) -> Pixels:
    """Decode a picture. Raises `UnreadableImage`."""
    name = format_of(data)
    if name is None:
        return program.decoded(data)
    return Pixels(still.picture_of(data, max_pixels=program.most_pixels(data)), CANONICAL, name)


def examine(data: bytes, options: Options) -> Answer:
    """Answer as `program.examine` does.

    A video has no hash of its own but one of each frame that was taken; its tile is of its contact sheet.
    """
    if not container_of(data):
        return program.examine(data, options, decoded)
    try:
        taken = video.stills_of(data)
    except Refused as error:
        return program.unseen(UnreadableReason(error.reason.replace("-", "_")), data, options)
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
    return Answer(facts | program.origin(data, options), [program.tile(sheet)])


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


def hashed(data: bytes, options: Options) -> Answer:
    """Answer as `program.hashed` does.

    With ``options["videos"]`` a video is answered with its frames' hashes; else it is no picture.
    """
    if options.get("videos") and container_of(data):
        return Answer({"video": _video_facts(video.stills_of(data))})
    return program.hashed(data, options, decoded)


def render(data: bytes, options: Options) -> Answer:
    """Answer with one plane, as `program.render` does; of a video it is the contact sheet."""
    moves = container_of(data)
    picture = video.contact_sheet(video.stills_of(data).frames) if moves else decoded(data).picture
    return program.shown(picture, options)


TASKS: dict[str, program.Task] = program.TASKS | {"examine": examine, "hash": hashed, "render": render}


def warm() -> bytes:
    """Load everything that such a file can make us load, while that is still possible; return one of the usual kind."""
    program.warm()
    for sample in warming.of_ffmpeg():
        for options in (warming.EXAMINED, warming.HASHED, warming.SHOWN):
            open_file(sample, options)
    return warming.usual_video()
