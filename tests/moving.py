"""Videos for tests: shapes that move over a generated texture, encoded here, no two seeds alike."""

import io
import os
from functools import cache

import av
import numpy as np
from PIL import Image

# The AV1 encoder is told here to say nothing; it has no other way.
os.environ.setdefault("SVT_LOG", "0")
RATE = 25
FORMATS = {"MP4": ("libx264", "mp4"), "WEBM": ("libvpx-vp9", "webm"), "AVI": ("mpeg4", "avi")}


def scene(seed: int, number: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """Return one frame: a texture of its seed, another one each second, and a square that moves."""
    rough = np.random.default_rng([seed, number // RATE]).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    picture = Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)
    place = 4 * (number % RATE)
    picture.paste((250, 200, 40), (place, place, place + size[0] // 10, place + size[1] // 10))
    return picture


@cache
def moving(
    seed: int = 1,
    form: str = "MP4",
    *,
    seconds: int = 4,
    size: tuple[int, int] = (320, 240),
    first: int = 0,
    codec: str = "",
    quality: str = "",
) -> bytes:
    """Return a video of so many seconds, beginning at frame ``first`` of its scene."""
    usual, container = FORMATS[form]
    sink = io.BytesIO()
    with av.open(sink, mode="w", format=container) as file:
        options = {"threads": "1"} | ({"crf": quality} if quality else {})
        stream = file.add_stream(codec or usual, rate=RATE, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number in range(first, first + seconds * RATE):
            file.mux(stream.encode(av.VideoFrame.from_image(scene(seed, number, size))))
        file.mux(stream.encode(None))
    return sink.getvalue()
