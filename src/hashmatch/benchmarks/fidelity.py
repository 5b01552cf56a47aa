"""Bits in which our hashes differ from the reference's: none on the exact path, few on the fast one."""

from collections.abc import Iterator
from statistics import median

import numpy as np

from hashmatch import pdq
from hashmatch.benchmarks.measuring import Row, Setting, at_most
from hashmatch.benchmarks.peers import reference
from hashmatch.benchmarks.pictures import encoded, picture


def measure(setting: Setting) -> Iterator[Row]:
    """Yield the rows of this suite."""
    setting.tell("bits that differ from the reference")
    count = setting.sized(320, 40)
    rng = np.random.default_rng(3)
    exact, fast, plain = [], [], 0
    for seed in range(count):
        width, height = (int(side) for side in rng.integers(1024, 1700, 2))
        data = encoded(picture(seed, width, height), "JPEG", quality=int(rng.integers(50, 96)))
        wanted, found = reference(data), pdq.from_bytes(data)
        exact.append(_distance(found.hash, wanted))
        fast.append(_distance(pdq.from_bytes(data, exact=False).hash, wanted))
        plain += found.quality < 50
    note = f"{count} JPEGs of 1 to 3 MP, {plain} of quality under 50"
    yield at_most("exact: most bits from the reference", max(exact), 0, "bits", note)
    yield at_most("fast: most bits from the reference", max(fast), 10, "bits", note)
    yield at_most("fast: median bits from the reference", median(fast), 0, "bits", f"{np.count_nonzero(fast)} differ")


def _distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
