"""Makes the program ready before the walls close: every lazy part touched once."""

import base64
import io
from pathlib import Path

from PIL import ExifTags, Image

from openhotline.core.sandbox.protocol import Json

FORMS = ("JPEG", "PNG", "WEBP", "GIF")
Options = dict[str, Json]
EXAMINED: Options = {}
HASHED: Options = {"task": "hash", "videos": True}
SHOWN: Options = {"task": "render", "max_side": 32, "colour": True}


def pictures() -> list[bytes]:
    """Return small files that between them use every codec and reader: each format, EXIF, a signed manifest."""
    picture = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    made = [_encoded(picture, form, exif=exif.tobytes()) for form in ("JPEG", "PNG", "WEBP")]
    made += [_encoded(picture, form) for form in FORMS]
    made += [_encoded(picture, "TIFF", compression=packing) for packing in ("tiff_lzw", "jpeg", "tiff_adobe_deflate")]
    return [*made, base64.b64decode(Path(__file__).with_name("signed_sample.txt").read_bytes())]


def of_ffmpeg() -> list[bytes]:
    """Return what FFmpeg decodes: a gradient as HEIF and AVIF, and one that turns as every video that is read.

    The videos are four frames of 64 x 48 pixels as H.264 and AV1 in MP4, VP8 and VP9 in WebM, MPEG-4 in AVI and Motion
    JPEG in Matroska. Nothing here writes any of them: each is a line of base64.
    """
    return [*_kept("still_samples.txt"), *_kept("video_samples.txt")]


def usual_picture() -> bytes:
    """Return what most pictures are like: a JPEG of 640 x 480 pixels."""
    return _encoded(Image.linear_gradient("L").resize((640, 480)).convert("RGB"), "JPEG")


def usual_video() -> bytes:
    """Return what most videos are like: H.264 in MP4."""
    return _kept("video_samples.txt")[0]


def _kept(name: str) -> list[bytes]:
    return [base64.b64decode(line) for line in Path(__file__).with_name(name).read_bytes().split()]


def _encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, form, **options)
    return sink.getvalue()
