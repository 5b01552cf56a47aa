"""Whole folders hashed and matched: of so many files and of twice as many, in turns within one run.

`openhotline bulk hash` and `bulk match` are started as an operator starts them, each time on a folder of results of
its own, so that nothing is taken up. Told are medians with ranges: seconds, files a second by what the second half
took, and the ratio of the seconds that twice as many took in each round. The start of the processes is in all of it;
what it takes is told by a folder of one file. Ends with 1 when the ratio of hashing is above 2.2. Prints one JSON
object and keeps it in bench/results/bulk.json.

    python bench/bench_bulk.py [--files N] [--rounds N] [--quick]
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

import numpy as np

import hashmatch
from hashmatch.benchmarks.pictures import encoded, picture

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "bench" / "results" / "bulk.json"
MOST = 2.2
ENTRIES = 100_000
names = count()


def spread(values: list[float]) -> dict[str, float]:
    """Return median and range, to three digits."""
    ends = {"median": statistics.median(values), "least": min(values), "most": max(values)}
    return {name: float(f"{value:.3g}") for name, value in ends.items()}


def drawn(folder: Path, files: int) -> Path:
    """Draw so many different pictures of 0.3 megapixels, JPEG, no two files alike."""
    folder.mkdir()
    data = [encoded(picture(seed, 640, 480), "JPEG", quality=85) for seed in range(32)]
    for number in range(files):
        # What follows the end of a JPEG is not read; it makes the bytes different.
        (folder / f"{number:07}.jpg").write_bytes(data[number % len(data)] + number.to_bytes(8))
    return folder


def seconds(home: Path, *words: str | Path) -> tuple[float, Path]:
    """Run a command of ``bulk`` into a new folder; return how long it took, and the folder."""
    out = home / f"out-{next(names)}"
    command = [str(ROOT / ".venv/bin/openhotline"), "bulk", *map(str, words), "--out", str(out)]
    began = time.perf_counter()
    subprocess.run(
        command, check=True, env=os.environ | {"OPENHOTLINE_VAR": str(home / "var")}, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began, out


def measured(home: Path, files: int, rounds: int) -> dict[str, object]:
    """Let one file, so many, and twice as many take turns."""
    sizes = {"start": 1, "once": files, "twice": 2 * files}
    folders = {name: drawn(home / name, size) for name, size in sizes.items()}
    known = np.random.default_rng(1).integers(0, 256, (ENTRIES, 32), dtype=np.uint8)
    hashmatch.Index.build(known, np.arange(ENTRIES, dtype=np.int64)).save(home / "known.idx")
    took: dict[str, dict[str, list[float]]] = {"hash": {}, "match": {}}
    for _ in range(rounds):
        for name, folder in folders.items():
            hashing, hashes = seconds(home, "hash", folder)
            matching, _ = seconds(home, "match", home / "known.idx", hashes)
            took["hash"].setdefault(name, []).append(hashing)
            took["match"].setdefault(name, []).append(matching)
    return {kind: _figures(times, files) for kind, times in took.items()}


def _figures(times: dict[str, list[float]], files: int) -> dict[str, object]:
    rows = list(zip(times["once"], times["twice"], strict=True))
    return {
        "start_seconds": spread(times["start"]),
        "seconds": spread(times["once"]),
        "seconds_of_twice": spread(times["twice"]),
        "a_second_in_the_second_half": spread([files / (twice - once) for once, twice in rows]),
        "ratio": spread([twice / once for once, twice in rows]),
    }


def main() -> int:
    """Measure, print and keep; return 1 when hashing twice as many takes more than twice as long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--quick", action="store_true", default=bool(os.environ.get("QUICK")), help="few files, and nothing kept"
    )
    asked = parser.parse_args()
    files = 200 if asked.quick else asked.files
    with tempfile.TemporaryDirectory() as home:
        found = measured(Path(home), files, 1 if asked.quick else asked.rounds)
    told = {
        "processor": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "files": files,
        "megapixels": 0.3,
        "entries": ENTRIES,
        **found,
    }
    text = json.dumps(told, indent=2)
    print(text)
    if not asked.quick:
        RESULT.write_text(text + "\n")
    ratio = json.loads(text)["hash"]["ratio"]["median"]
    return 1 if ratio > MOST and not asked.quick else 0


if __name__ == "__main__":
    sys.exit(main())
