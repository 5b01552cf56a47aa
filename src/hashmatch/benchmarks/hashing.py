"""Hashing files beside the reference, on one core and in its time: that of others on the machine does not count."""

import io
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from PIL import Image

from hashmatch import pdq
from hashmatch.benchmarks.measuring import Row, Setting, Step, compared, interleaved, stated
from hashmatch.benchmarks.peers import REFERENCE, THREATEXCHANGE, peer, reference
from hashmatch.benchmarks.pictures import encoded, picture, picture_hashes
from hashmatch.canonical import draft_luma

Hash = Callable[[bytes], object]


class Size(NamedTuple):
    """Files of one kind: how they are called and made, how many, and what is wanted of which path."""

    name: str
    width: int
    height: int
    kind: str
    grain: float
    files: tuple[int, int]
    exact_bar: float | None
    fast_bar: float | None


SIZES = (
    Size("0.3 MP JPEG", 640, 480, "JPEG", 3, (24, 8), 3.5, None),
    Size("2 MP JPEG", 1632, 1224, "JPEG", 3, (16, 4), None, 7),
    Size("12 MP JPEG", 4000, 3000, "JPEG", 3, (8, 2), None, 18),
    Size("12 MP JPEG with a camera's grain", 4000, 3000, "JPEG", 9, (3, 1), None, None),
    Size("2 MP PNG", 1632, 1224, "PNG", 3, (8, 3), 2, None),
)


def measure(setting: Setting) -> Iterator[Row]:
    """Yield the rows of this suite."""
    for size in SIZES:
        setting.tell(f"hashing {size.name}")
        yield from _speed(size, setting)
    setting.tell("hashes of generated pictures, for suites that search")
    picture_hashes(setting.folder, setting.sized(10_000, 2_000))


def _speed(size: Size, setting: Setting) -> Iterator[Row]:
    count = setting.sized(*size.files)
    images = (picture(seed, size.width, size.height, size.grain) for seed in range(count))
    files = [encoded(image, size.kind, **({"quality": 85} if size.kind == "JPEG" else {})) for image in images]
    hashes: dict[str, Hash] = {
        REFERENCE: reference,
        THREATEXCHANGE: peer("threatexchange", ".signal_type.pdq.signal").PdqSignal.hash_from_bytes,
        "exact": pdq.from_bytes,
        "fast": lambda data: pdq.from_bytes(data, exact=False),
        "decoded": lambda data: Image.open(io.BytesIO(data)).load(),
        "decoded in part": draft_luma,
    }
    seconds = interleaved(
        {name: _over(files, one) for name, one in hashes.items()}, setting.sized(5, 3), time.process_time
    )
    note = f"{count} files of {sum(map(len, files)) // count // 1000} kB"
    for ours, bar in (("exact", size.exact_bar), ("fast", size.fast_bar)):
        if ours == "fast" and draft_luma(files[0]) is None:
            continue  # it would be the exact path again
        for other in (REFERENCE, THREATEXCHANGE):
            wanted = bar if other == REFERENCE else None
            yield compared(f"{size.name}, {ours}", seconds, ours, other, each=count, bar=wanted, note=note)
        decoding = "decoded" if ours == "exact" else "decoded in part"
        pairs = zip(seconds[decoding], seconds[ours], strict=True)
        yield stated(f"{size.name}, {ours}: share of decoding alone", [100 * part / all_ for part, all_ in pairs], "%")


def _over(files: list[bytes], one: Hash) -> Step:
    return lambda: [one(data) for data in files]
