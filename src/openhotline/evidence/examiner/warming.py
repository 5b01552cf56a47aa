"""Makes the program ready before the walls close: every lazy part touched once."""

import base64
import io
from pathlib import Path

from PIL import ExifTags, Image

from openhotline.core.sandbox.protocol import Json

FORMS = ("JPEG", "PNG", "WEBP", "GIF")
Options = dict[str, Json]
EXAMINED: Options = {}
HASHED: Options = {"task": "hash"}
SHOWN: Options = {"task": "render", "max_side": 32, "colour": True}


def pictures() -> list[bytes]:
    """Return small files that between them use every codec and reader: each format, EXIF, a signed manifest."""
    picture = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    made = [_encoded(picture, form, exif=exif.tobytes()) for form in ("JPEG", "PNG", "WEBP")]
    made += [_encoded(picture, form) for form in FORMS]
    return [*made, base64.b64decode(Path(__file__).with_name("signed_sample.txt").read_bytes())]


def videos() -> list[bytes]:
    """Return a gradient that turns: four frames of 64 x 48 pixels, as every container and codec that is read.

    H.264 and AV1 in MP4, VP8 and VP9 in WebM, MPEG-4 in AVI and Motion JPEG in Matroska, a line of base64 each.
    """
    lines = Path(__file__).with_name("video_samples.txt").read_bytes().split()
    return [base64.b64decode(line) for line in lines]


def _encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, form, **options)
    return sink.getvalue()
