"""Files on disk hashed by one process and by two, the start of the second included."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from hashmatch import pdq
from hashmatch.benchmarks.measuring import Row, Setting, stated
from hashmatch.benchmarks.pictures import encoded, picture


def measure(setting: Setting) -> Iterator[Row]:
    """Yield the rows of this suite."""
    setting.tell("hashing over processes")
    count = setting.sized(600, 200)
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
