"""A found collection from registering to triage: files a second, where the time goes, and whether twice is twice.

Two collections of generated pictures of 0.3 to 2 megapixels, one half as large as the other, each imported into an
empty installation on SQLite by the commands' own services, and worked off by the job machinery in one process. Told are
the seconds of each stage, and the processor time of all, which depends less on what else the machine does; beside them,
for the same files in the same run, what no way of doing it can be faster than: decoding alone in two processes, and
writing the bytes with one flush for every 500 files. Prints one JSON object and, but for a quick run, keeps it in
bench/results/collections.json. Ends with 1 when a file was lost.

    python bench/bench_collections.py [--items N] [--quick]
"""

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tests")]
RESULT = ROOT / "bench" / "results" / "collections.json"
ITEMS, QUICK_ITEMS = 20_254, 600
CORES = 2
GOAL_SECONDS = 360
SIZES = ((640, 480), (800, 600), (768, 1024), (1024, 768), (1216, 832), (1664, 1216))
# Every tenth file is one that was there before, byte for byte.
AGAIN = 10
STEPS = {"seal": "read and seal", "examine": "examine", "triage": "triage"}


def make(folder: Path, number: int) -> None:
    """Write one generated picture: soft blotches with fine noise, or the bytes of an earlier one."""
    path = folder / f"{number % 100:02}" / f"{number}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    if number % AGAIN == AGAIN - 1:
        number -= AGAIN - 1
    width, height = SIZES[number % len(SIZES)]
    chance = np.random.default_rng(number)
    blotches = Image.fromarray(chance.integers(0, 256, (height // 64, width // 64, 3), np.uint8))
    soft = np.asarray(blotches.resize((width, height), Image.Resampling.BICUBIC))
    noisy = np.clip(soft + noise(height, width), 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(path, "JPEG", quality=84)


@cache
def noise(height: int, width: int) -> Any:
    """Return the noise of a size, made once."""
    return np.random.default_rng(0).normal(0, 6, (height, width, 3)).astype(np.int16)


def make_part(folder: Path, numbers: range) -> None:
    """Write some pictures."""
    for number in numbers:
        make(folder, number)


def collection(folder: Path, items: int) -> None:
    """Write the pictures with both cores."""
    parts = [range(start, min(start + 200, items)) for start in range(0, items, 200)]
    with ProcessPoolExecutor(CORES) as pool:
        for done in [pool.submit(make_part, folder, part) for part in parts]:
            done.result()


def decode_part(paths: list[Path]) -> None:
    """Decode pictures to pixels."""
    for path in paths:
        with Image.open(path) as image:
            image.load()


def limits(files: list[Path], folder: Path) -> dict[str, float]:
    """Return the seconds that these files take when they are only decoded, and when they are only written."""
    parts = [files[start::CORES] for start in range(CORES)]
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(decode_part, [part[:4] for part in parts]))
        decoding = timed(lambda: list(pool.map(decode_part, parts)))
    into = folder / "written"
    into.mkdir()

    def write() -> None:
        for start in range(0, len(files), 500):
            for path in files[start : start + 500]:
                (into / path.name).write_bytes(path.read_bytes())
            os.sync()

    def flush_each() -> None:
        for path in files[:500]:
            with (into / f"each-{path.name}").open("wb") as file:
                file.write(path.read_bytes())
                file.flush()
                os.fsync(file.fileno())

    writing, each = timed(write), timed(flush_each)
    return {
        "decode only": round(decoding, 2),
        "write only, one flush for 500": round(writing, 2),
        "write only, a flush a file": round(each * len(files) / min(500, len(files)), 2),
    }


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextlib.contextmanager
def watched(seconds: dict[str, float]) -> Iterator[None]:
    """Add up the seconds of each step of the journey."""
    from openhotline.core import events

    for steps in events._steps.values():
        for place, step in enumerate(steps):
            if step.name in STEPS:
                steps[place] = events.Step(step.name, _watching(step.do, STEPS[step.name], seconds))
    yield


def _watching(do: Callable[[tuple[int, ...]], object], name: str, seconds: dict[str, float]) -> Any:
    def doing(ids: tuple[int, ...]) -> object:
        began = time.perf_counter()
        try:
            return do(ids)
        finally:
            seconds[name] = seconds.get(name, 0) + time.perf_counter() - began

    return doing


def one(folder: Path, pictures: Path) -> dict[str, Any]:
    """Import a folder of pictures into an empty installation and work off everything that follows."""
    os.environ.pop("OPENHOTLINE_DATABASE_URL", None)
    from bench_sandbox import descendants, spent

    from faults.databases import set_up

    set_up(folder / "var", "")
    from openhotline.core.clock import now
    from openhotline.core.jobs import drain
    from openhotline.evidence.examiner import sandboxed
    from openhotline.evidence.models import Item
    from openhotline.intake.models.manifest import open_source
    from openhotline.intake.queries import find_page
    from openhotline.intake.services.open_collection import open_collection
    from openhotline.intake.services.register_finds import register_finds
    from openhotline.practice.seeding import seed
    from openhotline.triage.models import Selection

    seed(collection=None, analysts=1, now=now())
    seconds: dict[str, float] = {}
    began, own = time.perf_counter(), time.process_time()
    source = open_source(pictures)
    opened = open_collection(source=source, name="bench", actor="bench", now=now())
    for lines in source.batches():
        register_finds(collection=opened, lines=lines, now=now(), actor="bench")
    seconds["register"] = time.perf_counter() - began
    with watched(seconds):
        drain()
    whole, own = time.perf_counter() - began, time.process_time() - own
    # The sandbox's processes are children that still run; their own ended children count with them.
    threads = Path("/proc/self/task").iterdir()
    children = [int(pid) for thread in threads for pid in (thread / "children").read_text("ascii").split()]
    sandbox = spent([pid for child in children for pid in descendants(child)])
    told = find_page(opened)
    counts = {state.value: count for state, count in told.counts.items()}
    sandboxed.close()
    return {
        "files": opened.finds_expected,
        **counts,
        "items": Item.objects.count(),
        "triaged": Selection.objects.count(),
        "seconds": round(whole, 1),
        "files_a_second": round(opened.finds_expected / whole, 1),
        "stages": {name: round(taken, 1) for name, taken in seconds.items()}
        | {"jobs and all else": round(whole - sum(seconds.values()), 1)},
        "processor_seconds": {"worker": round(own, 1), "sandbox": round(sandbox, 1)},
        "database": "sqlite",
    }


def bench(folder: Path, items: int) -> dict[str, Any]:
    """Make both collections, measure each in a process of its own."""
    told: dict[str, Any] = {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "goal": f"{ITEMS} files in at most {GOAL_SECONDS} s",
    }
    runs = {}
    for name, count in (("half", items // 2), ("whole", items)):
        pictures = folder / name
        collection(pictures, count)
        runs[name] = _apart(folder / f"run-{name}", pictures)
        print(f"{name}: {json.dumps(runs[name])}", file=sys.stderr)
    files = sorted((folder / "whole").rglob("*.jpg"))
    megabytes = sum(path.stat().st_size for path in files) / 1_000_000
    whole = runs["whole"]
    told |= {"megabytes": round(megabytes), **runs, "limits_of_the_whole": limits(files, folder)}
    told["twice_the_files_take_times"] = {
        "seconds": round(whole["seconds"] / runs["half"]["seconds"], 3),
        "processor_seconds": round(_processor(whole) / _processor(runs["half"]), 3),
    }
    told["files_of_the_whole_over_half"] = round(whole["files"] / runs["half"]["files"], 3)
    told["goal_seconds_for_this_many"] = round(GOAL_SECONDS * whole["files"] / ITEMS, 1)
    told["within_the_goal"] = whole["seconds"] <= GOAL_SECONDS * whole["files"] / ITEMS
    # What the whole collection would take on cores with no other work, were both always busy.
    told["seconds_for_the_goal_s_files_by_processor_time"] = round(
        _processor(whole) / CORES * ITEMS / whole["files"], 1
    )
    return told | {"load": [round(value, 2) for value in os.getloadavg()]}


def _processor(run: dict[str, Any]) -> float:
    return float(sum(run["processor_seconds"].values()))


def _apart(folder: Path, pictures: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", str(folder), str(pictures)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Measure once, keep and print."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--items", type=int, default=ITEMS)
    asked.add_argument("--quick", action="store_true", help=f"{QUICK_ITEMS} files; keeps nothing")
    asked.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.one:
        print(json.dumps(one(*chosen.one)))
        return 0
    quick = chosen.quick or bool(os.environ.get("QUICK"))
    items = QUICK_ITEMS if quick else chosen.items
    # Where the data of practice lies and not in /tmp, which may be memory: the disk is part of what is measured.
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as folder:
        told = bench(Path(folder), items)
        text = json.dumps(told, indent=2)
        if not quick:
            RESULT.write_text(text + "\n")
        # Before the files go: to remove them can take minutes on a busy disk.
        print(text, flush=True)
    runs = (told["half"], told["whole"])
    return (
        0 if all(run["taken"] + run["folded"] == run["files"] == run["triaged"] + run["folded"] for run in runs) else 1
    )


if __name__ == "__main__":
    raise SystemExit(main())
