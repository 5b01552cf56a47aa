"""What maps of JPEG history show for `bench_provenance.py`: a part with another history than the rest, and how long.

A ghost (Farid, 2009): a picture less itself saved again at a quality; where a part had been saved at that quality
before, little is left. Told is how well the best of the maps parts a rectangle from the rest (the area under the ROC
curve; 0.5 is chance), in either direction: where it has another history, where it was changed and has no other one, and
where nothing was changed. The best of many maps is above chance there too, as maps show what is smooth and what is not.
Whoever looks at a map does not know which is the best, so a person gets less.
"""

import io
import itertools
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITIES = tuple(range(40, 100, 5))
BLOCK = 16
PART, WHOLE, AGAIN = 55, 90, 60
LARGE = (1920, 1080)
Maps = NDArray[np.float32]


def ghosts(picture: Image.Image) -> Maps:
    """Return one map a quality: what is left in each block of 16 pixels, as a share of the most at any quality."""
    whole = np.asarray(picture, np.float32)
    high, wide = (side // BLOCK for side in whole.shape[:2])
    left = []
    for quality in QUALITIES:
        apart = (whole - np.asarray(_saved(picture, quality), np.float32))[: high * BLOCK, : wide * BLOCK]
        left.append((apart**2).reshape(high, BLOCK, wide, BLOCK, -1).mean(axis=(1, 3, 4)))
    maps = np.stack(left)
    return (maps - maps.min(axis=0)) / (np.ptp(maps, axis=0) + 1e-6)


def _saved(picture: Image.Image, quality: int) -> Image.Image:
    sink = io.BytesIO()
    picture.save(sink, "JPEG", quality=quality)
    return Image.open(sink).convert("RGB")


def _parted(maps: Maps, inside: NDArray[np.bool_]) -> float:
    """Return the best area under the ROC curve of any map, in either direction."""
    areas = []
    for one in maps:
        ranks = one.ravel().argsort().argsort() + 1
        within, many = inside.ravel(), int(inside.sum())
        area = (ranks[within].sum() - many * (many + 1) / 2) / (many * (within.size - many))
        areas.append(max(area, 1 - area))
    return float(max(areas))


def _rectangle(picture: Image.Image) -> tuple[int, int, int, int]:
    wide, high = picture.size
    return wide // 3, high // 3, wide * 2 // 3, high * 2 // 3


def _inside(picture: Image.Image) -> NDArray[np.bool_]:
    found = np.zeros((picture.height // BLOCK, picture.width // BLOCK), bool)
    left, top, right, bottom = (side // BLOCK for side in _rectangle(picture))
    found[top:bottom, left:right] = True
    return found


def _spliced(host: Image.Image, guest: Image.Image, *, saved: bool) -> Image.Image:
    box = _rectangle(host)
    made, put = host.copy(), guest.resize(host.size)
    made.paste((_saved(put, PART) if saved else put).crop(box), box[:2])
    return _saved(made, WHOLE)


AFTER: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it was saved": lambda picture: picture,
    f"saved again at {AGAIN}": lambda picture: _saved(picture, AGAIN),
    "at 0.8 of its size": lambda p: _saved(p.resize((p.width * 4 // 5, p.height * 4 // 5)), WHOLE),
}


def of_maps(pictures: Mapping[str, Image.Image]) -> dict[str, Any]:
    """Return how the maps part a changed rectangle from the rest, by what became of the picture, and what one costs."""
    held = [picture.convert("RGB") for picture in pictures.values()]
    pairs = list(itertools.islice(zip(held, held[1:] + held[:1], strict=True), len(held)))
    told: dict[str, Any] = {}
    for name, after in AFTER.items():
        changed = [after(_spliced(host, guest, saved=True)) for host, guest in pairs]
        alike = [after(_spliced(host, guest, saved=False)) for host, guest in pairs]
        same = [after(_saved(host, WHOLE)) for host in held]
        told[name] = {
            kind: {"median": round(float(np.median(areas)), 2), "most": round(max(areas), 2)}
            for kind, each in (
                ("a part of another history", changed),
                ("a part of the same history", alike),
                ("nothing changed", same),
            )
            if (areas := [_parted(ghosts(one), _inside(one)) for one in each])
        }
    large = held[0].resize(LARGE)
    began = time.process_time()
    ghosts(large)
    return {
        "pictures": len(held),
        **told,
        "seconds_of_processor_for_2_megapixels": round(time.process_time() - began, 2),
    }
