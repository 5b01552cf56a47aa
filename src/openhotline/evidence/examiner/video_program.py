"""The program inside the sandbox for videos: as `program`, with FFmpeg. It imports no Django."""

from collections.abc import Mapping

import hashmatch
from openhotline.core.sandbox.protocol import Answer, Json
from openhotline.evidence.examiner import program, video, warming


def open_file(data: bytes, options: dict[str, Json]) -> Answer:
    """Examine a video, or answer with the plane a reveal shows ("render"): its contact sheet.

    Raises `Refused` with a code of `UnreadableReason` (with "-" for "_") for what is not a readable video.
    """
    return TASKS[str(options.get("task", "examine"))](data, options)


def examine(data: bytes, options: Mapping[str, Json]) -> Answer:
    """Answer with hashes of frames and provenance as facts, and one plane: the tile of the contact sheet.

    The video has no hash of its own. ``options["trust"]`` as with a picture.
    """
    taken = video.stills_of(data)
    sheet = video.contact_sheet(taken.frames)
    hashes = [hashmatch.pdq.from_picture(one.picture) for one in taken.frames]
    facts: dict[str, Json] = {
        "format": taken.format,
        "width": sheet.width,
        "height": sheet.height,
        "pdq": None,
        "quality": None,
        "video": {
            "width": taken.width,
            "height": taken.height,
            "milliseconds": taken.milliseconds,
            "complete": taken.complete,
            "frames": [
                [one.at_ms, found.hash.hex(), found.quality] for one, found in zip(taken.frames, hashes, strict=True)
            ],
        },
    }
    return Answer(facts | program.origin(data, options), [program.tile(sheet)])


def render(data: bytes, options: Mapping[str, Json]) -> Answer:
    """Answer with one plane, as `program.render` does."""
    return program.shown(video.contact_sheet(video.stills_of(data).frames), options)


TASKS = {"examine": examine, "render": render}


def warm() -> None:
    """Load everything that a video can make us load, while that is still possible."""
    program.warm()
    for sample in warming.videos():
        for options in (warming.EXAMINED, warming.SHOWN):
            open_file(sample, options)
