"""Makes the program ready before the walls close: every lazy part touched once."""

import base64
import io
from pathlib import Path

from PIL import ExifTags, Image

FORMS = ("JPEG", "PNG", "WEBP", "GIF")


def samples() -> list[bytes]:
    """Return small files that between them use every codec and reader: each format, EXIF, a signed manifest, videos.

    A gradient as HEIF and AVIF is a line of base64 each, as nothing here writes them.
    The videos are a gradient that turns: four frames of 64 x 48 pixels as H.264 and AV1 in MP4, VP8 and VP9 in WebM,
    MPEG-4 in AVI and Motion JPEG in Matroska, a line of base64 each.
    """
    picture = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    made = [_encoded(picture, form, exif=exif.tobytes()) for form in ("JPEG", "PNG", "WEBP")]
    made += [_encoded(picture, form) for form in FORMS]
    made += [_encoded(picture, "TIFF", compression=packing) for packing in ("tiff_lzw", "jpeg", "tiff_adobe_deflate")]
    signed = Path(__file__).with_name("signed_sample.txt").read_bytes()
    stills, videos = (
        Path(__file__).with_name(f"{kind}_samples.txt").read_bytes().split() for kind in ("still", "video")
    )
    return [*made, *(base64.b64decode(text) for text in [signed, *stills, *videos])]


def _encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, form, **options)
    return sink.getvalue()
