"""Hashing beside the reference: speed on one core, bits that differ, and more than one process."""

import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from hashmatch import pdq
from hashmatch.benchmarks.measuring import Row, Setting, Step, at_most, compared, interleaved, stated
from hashmatch.benchmarks.pictures import encoded, picture, picture_hashes
from hashmatch.canonical import draft_luma
from hashmatch.errors import MissingPeer

REFERENCE = "Pillow and pdqhash"
THREATEXCHANGE = "threatexchange PdqSignal"
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
    Size("12 MP JPEG with a camera's grain", 4000, 3000, "JPEG", 9, (4, 1), None, None),
    Size("2 MP PNG", 1632, 1224, "PNG", 3, (8, 3), 2, None),
)


def measure(setting: Setting) -> Iterator[Row]:
    """Yield the rows of this suite, and leave hashes of pictures for others."""
    for size in SIZES:
        setting.tell(f"hashing {size.name}")
        yield from _speed(size, setting)
    setting.tell("bits that differ from the reference")
    yield from _bits_that_differ(setting.sized(320, 40))
    setting.tell("hashing over processes")
    yield from _over_processes(setting.sized(600, 200))
    setting.tell("hashes of generated pictures")
    picture_hashes(setting.folder, setting.sized(20_000, 4_000))


def _speed(size: Size, setting: Setting) -> Iterator[Row]:
    count = setting.sized(*size.files)
    images = (picture(seed, size.width, size.height, size.grain) for seed in range(count))
    files = [encoded(image, size.kind, **({"quality": 85} if size.kind == "JPEG" else {})) for image in images]
    hashes: dict[str, Hash] = {
        REFERENCE: _reference,
        THREATEXCHANGE: _peer("threatexchange", ".signal_type.pdq.signal").PdqSignal.hash_from_bytes,
        "exact": pdq.from_bytes,
        "fast": lambda data: pdq.from_bytes(data, exact=False),
        "decoded": lambda data: Image.open(io.BytesIO(data)).load(),
        "decoded in part": draft_luma,
    }
    seconds = interleaved({name: _over(files, one) for name, one in hashes.items()}, setting.sized(7, 3))
    note = f"{count} files of {sum(map(len, files)) // count // 1000} kB"
    for ours, bar in (("exact", size.exact_bar), ("fast", size.fast_bar)):
        if ours == "fast" and draft_luma(files[0]) is None:
            continue  # it would be the exact path again
        for peer in (REFERENCE, THREATEXCHANGE):
            wanted = bar if peer == REFERENCE else None
            yield compared(f"{size.name}, {ours}", seconds, ours, peer, each=count, bar=wanted, note=note)
        decoding = "decoded" if ours == "exact" else "decoded in part"
        pairs = zip(seconds[decoding], seconds[ours], strict=True)
        yield stated(f"{size.name}, {ours}: share of decoding alone", [100 * part / all_ for part, all_ in pairs], "%")


def _over(files: list[bytes], one: Hash) -> Step:
    return lambda: [one(data) for data in files]


def _peer(package: str, module: str = "") -> Any:
    try:
        return import_module(package + module)
    except ImportError as error:
        raise MissingPeer(
            f"{package} is not installed, so there is nothing to compare with. In the repository "
            "`make bench` installs it; elsewhere: pip install faiss-cpu threatexchange pdqhash"
        ) from error


def _reference(data: bytes) -> bytes:
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    vector, _ = _peer("pdqhash").compute(pixels)
    return np.packbits(vector.astype(bool)).tobytes()


def _bits_that_differ(count: int) -> Iterator[Row]:
    rng = np.random.default_rng(3)
    exact, fast, plain = [], [], 0
    for seed in range(count):
        width, height = (int(side) for side in rng.integers(1024, 1700, 2))
        data = encoded(picture(seed, width, height), "JPEG", quality=int(rng.integers(50, 96)))
        wanted, found = _reference(data), pdq.from_bytes(data)
        exact.append(_distance(found.hash, wanted))
        fast.append(_distance(pdq.from_bytes(data, exact=False).hash, wanted))
        plain += found.quality < 50
    note = f"{count} JPEGs of 1 to 3 MP, {plain} of quality under 50"
    yield at_most("exact: most bits from the reference", max(exact), 0, "bits", note)
    yield at_most("fast: most bits from the reference", max(fast), 10, "bits", note)
    yield at_most("fast: median bits from the reference", median(fast), 0, "bits", f"{np.count_nonzero(fast)} differ")


def _distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _over_processes(count: int) -> Iterator[Row]:
    """Files on disk over one and two processes, with the start of the processes."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        data = [encoded(picture(seed, 1632, 1224), "JPEG", quality=85) for seed in range(8)]
        for number in range(count):
            paths.append(Path(folder, f"{number}.jpg"))
            paths[-1].write_bytes(data[number % len(data)])
        rates: dict[int, list[float]] = {1: [], 2: []}
        efforts: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(3):
            for workers, rate in rates.items():
                begun, used = time.perf_counter(), _processor_seconds()
                found = sum(isinstance(one, pdq.PDQ) for one in pdq.many(paths, workers=workers))
                rate.append(found / (time.perf_counter() - begun))
                efforts[workers].append(_processor_seconds() - used)
    gains = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    more = [100 * two / one for one, two in zip(efforts[1], efforts[2], strict=True)]
    note = f"{count} files of 2 MP, exact, with the start of the processes"
    yield stated("many(), 2 processes: times the files of one", gains, "times", note)
    yield stated("many(), 2 processes: processor time against one", more, "%", "100 would be no loss")
    yield stated("many(), 2 processes", rates[2], "files/s")


def _processor_seconds() -> float:
    """Of this process and those it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
