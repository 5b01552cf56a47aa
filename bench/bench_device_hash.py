"""Bits between the hash that a browser makes of a picture on a device and the server's hash of the same file.

Chromium runs the very scripts that the page serves, on generated pictures stored in every way (hashmatch's
`benchmarks/formats.py`), and on some as big as cameras make them. Goals: at most 2 bits, quality equal. Beside it, for
comparison, the same pictures when a page brings the longer side down to 1024 pixels first, as pages elsewhere do: that
is why this one does not. Prints one JSON object and keeps it in bench/results/device_hash.json; ends with 1 when the
goal of bits is missed; a point of quality that differs is told in the figures.

    python bench/bench_device_hash.py [--rounds N]
"""

import argparse
import base64
import io
import json
import os
import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, Route, sync_playwright

from hashmatch import pdq
from hashmatch.benchmarks.formats import stored
from hashmatch.benchmarks.pictures import encoded, picture
from hashmatch.canonical import canonical_pixels

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "src" / "openhotline" / "intake" / "static" / "intake"
RESULT = ROOT / "bench" / "results" / "device_hash.json"
CHROMIUM = "/usr/bin/chromium"
ORIGIN = "http://localhost:9"  # never asked: every request is answered from the folder of scripts
MOST_BITS = 2
SMALLER_SIDE = 1024
MOST_CANVAS = 16_777_216  # pixels: what a telephone's browser gives a canvas (Safari of iOS)
QUICK = bool(os.environ.get("QUICK"))
BIG = ((4000, 3000), (6000, 4000), (9000, 6000))  # pixels: a telephone's, a camera's, a large camera's

MEASURE = """async (data) => {
  const {measure} = await import('/picture.js');
  const file = new Blob([Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0))]);
  const plain = globalThis.OffscreenCanvas;
  let canvas = 0;
  globalThis.OffscreenCanvas = class extends plain {
    constructor(width, height) { super(width, height); canvas = Math.max(canvas, width * height); }
  };
  const start = performance.now();
  try {
    return {...(await measure(file)), canvas, seconds: (performance.now() - start) / 1000};
  } finally {
    globalThis.OffscreenCanvas = plain;
  }
}"""


@dataclass(frozen=True)
class Compared:
    """One picture: bits between two hashes of it, both qualities, and of a device its time and largest canvas."""

    name: str
    bits: int
    server_quality: int
    device_quality: int
    seconds: float = 0.0
    canvas: int = 0


def serve(route: Route) -> None:
    """Answer a request with the script of its name, or an empty page."""
    name = route.request.url.removeprefix(ORIGIN).lstrip("/")
    if not name:
        route.fulfill(content_type="text/html", body="<!doctype html><title>device</title>")
    else:
        route.fulfill(content_type="text/javascript", body=(SCRIPTS / name).read_text(encoding="utf-8"))


def server_hash(name: str, data: bytes) -> pdq.PDQ:
    """Return the server's hash; of what it does not decode itself (AVIF), that of the pixels Pillow shows."""
    return pdq.from_bytes(data) if not name.startswith("avif") else pdq.from_pixels(server_pixels(name, data))


def server_pixels(name: str, data: bytes) -> NDArray[np.uint8]:
    """Return the pixels that the server hashes."""
    if not name.startswith("avif"):
        return canonical_pixels(data).pixels
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def bits_between(one: bytes, other: bytes) -> int:
    """Return how many bits of two hashes differ."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def compare(page: Page, pictures: Iterable[tuple[str, bytes]]) -> Iterator[Compared]:
    """Yield each picture, hashed by the page, compared with the server's hash."""
    for name, data in pictures:
        made: dict[str, Any] = page.evaluate(MEASURE, base64.b64encode(data).decode())
        wanted = server_hash(name, data)
        bits = bits_between(bytes.fromhex(made["hash"]), wanted.hash)
        yield Compared(name, bits, wanted.quality, made["quality"], made["seconds"], made["canvas"])


def brought_down(pictures: Iterable[tuple[str, bytes]]) -> Iterator[Compared]:
    """Yield each picture that is larger than the smaller side: the server's hash of it, and of it brought down."""
    for name, data in pictures:
        pixels = server_pixels(name, data)
        height, width = pixels.shape[:2]
        share = SMALLER_SIDE / max(height, width)
        if share < 1:
            size = (max(1, round(width * share)), max(1, round(height * share)))
            few = pdq.from_pixels(np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX)))
            full = pdq.from_pixels(pixels)
            yield Compared(name, bits_between(few.hash, full.hash), full.quality, few.quality)


def big_pictures() -> Iterator[tuple[str, bytes]]:
    """Yield JPEG files as cameras make them."""
    for seed, (width, height) in enumerate(BIG, start=900):
        yield f"jpeg of {width * height / 1e6:.0f} MP", encoded(picture(seed, width, height), "JPEG", quality=85)


def figures(compared: list[Compared]) -> dict[str, object]:
    """Return the figures of pictures that were compared at one size."""
    bits = [one.bits for one in compared]
    worst = max(compared, key=lambda one: one.bits)
    return {
        "pictures": len(compared),
        "worst_bits": worst.bits,
        "worst_picture": worst.name,
        "mean_bits": round(statistics.mean(bits), 3),
        "with_no_bit_apart": bits.count(0),
        "most_quality_apart": max(abs(one.server_quality - one.device_quality) for one in compared),
        "of_quality_80_or_more": sum(one.server_quality >= 80 for one in compared),
    }


def on_device(compared: list[Compared]) -> dict[str, object]:
    """Return the figures of pictures that a device hashed."""
    longest, largest = max(one.seconds for one in compared), max(one.canvas for one in compared)
    return figures(compared) | {"longest_seconds": round(longest, 2), "largest_canvas_pixels": largest}


def main() -> int:
    """Measure, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1 if QUICK else 4, help="pictures of each way (default 4)")
    rounds = parser.parse_args().rounds
    pictures = list(stored(rounds))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", serve)
        page.goto(f"{ORIGIN}/")
        full, big = list(compare(page, pictures)), list(compare(page, big_pictures()))
        version = browser.version
        browser.close()
    result = {
        "browser": f"Chromium {version}",
        "ways_of_storing": len({one.name.rpartition(" #")[0] for one in full}),
        "full_size": on_device(full),
        "big_pictures": on_device(big) | {"seconds": {one.name: round(one.seconds, 2) for one in big}},
        "working_size": "full size: the page makes no picture smaller",
        f"server_at_{SMALLER_SIDE}_by_area_for_comparison": figures(list(brought_down(pictures))),
        "goals": {"worst_bits": MOST_BITS, "most_quality_apart": 0, "largest_canvas_pixels": MOST_CANVAS},
    }
    print(json.dumps(result, indent=2))
    if not QUICK:
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return int(any(one.bits > MOST_BITS or one.canvas > MOST_CANVAS for one in [*full, *big]))


if __name__ == "__main__":
    sys.exit(main())
