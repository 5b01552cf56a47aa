"""Makes the program ready before the walls close: every lazy part touched once."""

import base64
import io
from pathlib import Path

from PIL import ExifTags, Image

FORMS = ("JPEG", "PNG", "WEBP", "GIF")


def samples() -> list[bytes]:
    """Return small pictures that between them use every codec and reader: each format, EXIF, a signed manifest."""
    picture = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    made = [_encoded(picture, form, exif=exif.tobytes()) for form in ("JPEG", "PNG", "WEBP")]
    made += [_encoded(picture, form) for form in FORMS]
    signed = Path(__file__).with_name("signed_sample.txt").read_bytes()
    return [*made, base64.b64decode(signed)]


def _encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, form, **options)
    return sink.getvalue()
