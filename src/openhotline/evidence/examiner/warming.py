"""Makes the program ready before the walls close: compiled code brought along, every lazy part touched once."""

import base64
import io
import shutil
from importlib.util import find_spec
from pathlib import Path

import numba
from numba.core.caching import _CacheLocator
from PIL import ExifTags, Image

FORMS = ("JPEG", "PNG", "WEBP", "GIF")


def bring_compiled() -> None:
    """Copy what numba compiled beside hashmatch's sources into this sandbox's own cache folder.

    The sources are read-only here, and numba uses no cache that it cannot write; without this each zygote
    compiles for some ten seconds. Outside a sandbox (no cache folder is set) nothing is to be done.
    """
    spec = find_spec("hashmatch")
    if not numba.config.CACHE_DIR or spec is None or spec.origin is None:
        return
    beside = Path(spec.origin).parent / "__pycache__"
    folder = Path(numba.config.CACHE_DIR) / _CacheLocator.get_suitable_cache_subpath(spec.origin)
    folder.mkdir(parents=True, exist_ok=True)
    for path in beside.glob("*.nb[ci]"):
        shutil.copyfile(path, folder / path.name)


def samples() -> list[bytes]:
    """Return small files that between them use every codec and reader: each format, EXIF, a signed manifest, videos.

    The videos are a gradient that turns: four frames of 64 x 48 pixels as H.264 and AV1 in MP4, VP8 and VP9 in WebM,
    MPEG-4 in AVI and Motion JPEG in Matroska, a line of base64 each.
    """
    picture = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    made = [_encoded(picture, form, exif=exif.tobytes()) for form in ("JPEG", "PNG", "WEBP")]
    made += [_encoded(picture, form) for form in FORMS]
    signed = Path(__file__).with_name("signed_sample.txt").read_bytes()
    videos = Path(__file__).with_name("video_samples.txt").read_bytes().split()
    return [*made, *(base64.b64decode(text) for text in [signed, *videos])]


def _encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, form, **options)
    return sink.getvalue()
