"""Files a second through the sandbox, beside persistent workers without any, in turns within one run.

Both do the same work on the same generated pictures with two workers, the same memory settings and huge pages. A
round measures each once; told are medians with ranges, the ratio of each round, and the processor time a file, which
depends less on what else the machine does. What is left between the two is told apart under "limit": a child that has
nothing to do, page faults a file and what one costs, and decoding alone, which neither side can do without. Prints one
JSON object and, of a whole run, keeps it in bench/results/sandbox.json.

    python bench/bench_sandbox.py [--rounds N] [--share S]
"""

import argparse
import contextlib
import io
import itertools
import json
import mmap
import os
import platform
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image

from openhotline.core.sandbox.bubblewrap import environment
from openhotline.core.sandbox.parent import Sandbox
from openhotline.core.sandbox.protocol import Limits, encode_answer

PROGRAM = "openhotline.evidence.examiner.program"  # for pictures; videos have one of their own
MISDEEDS = "openhotline.core.sandbox.misdeeds"
LIMITS = Limits(facts_bytes=4 << 20)  # as evidence/examiner has them, which needs Django's settings
RESULT = Path(__file__).with_name("results") / "sandbox.json"
WORKERS = 2
# Megapixels to (width, height, JPEG quality): 94 kB and 572 kB a file, much as pages have them.
SIZES = {"0.3": (640, 480, 85), "2": (1664, 1216, 83)}
FILES = {"0.3": 200, "2": 60}
_TICK = os.sysconf("SC_CLK_TCK")


class Runner(Protocol):
    """Something that examines files."""

    def run(self, files: list[bytes]) -> None:
        """Examine all of them with both workers."""

    def pids(self) -> list[int]:
        """Return its processes, without those for one file."""


def pictures(width: int, height: int, quality: int, count: int = 8) -> list[bytes]:
    """Return generated JPEG files: soft blotches with fine noise."""
    made = []
    for number in range(count):
        chance = np.random.default_rng(number)
        blotches = Image.fromarray(chance.integers(0, 256, (height // 8, width // 8, 3), np.uint8))
        soft = np.asarray(blotches.resize((width, height), Image.Resampling.BICUBIC)).astype(int)
        noisy = (soft + chance.normal(0, 6, soft.shape)).clip(0, 255).astype(np.uint8)
        sink = io.BytesIO()
        Image.fromarray(noisy).save(sink, "JPEG", quality=quality)
        made.append(sink.getvalue())
    return made


class Sandboxed:
    """The real thing."""

    def __init__(self, stack: contextlib.ExitStack, target: str = f"{PROGRAM}:open_file") -> None:
        opened = Sandbox(target, warm=f"{PROGRAM}:warm", zygotes=WORKERS, limits=LIMITS)
        self._sandbox = stack.enter_context(opened)
        self.posture = opened.posture().kind

    def run(self, files: list[bytes]) -> None:
        """Examine all of them; a failure ends the measurement."""
        for _, answer in self._sandbox.map(enumerate(files)):
            if isinstance(answer, Exception):
                raise answer

    def pids(self) -> list[int]:
        """Return bubblewrap and the zygotes."""
        return [pid for slot in self._sandbox._slots for pid in descendants(slot.zygote._process.pid)]


class Unsandboxed:
    """Persistent processes that do the same without a wall; never done with a stranger's file."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        command = [sys.executable, str(Path(__file__).resolve()), "--worker"]
        env = dict(os.environ) | environment(wrapped=False)
        self._workers = [
            stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env))
            for _ in range(WORKERS)
        ]
        for worker in self._workers:
            stack.callback(worker.stdin.close)
            _frame(worker.stdout)

    def run(self, files: list[bytes]) -> None:
        """Examine all of them: each thread feeds its worker, the next file when it is free."""
        waiting = iter(files)

        def feed(worker: subprocess.Popen[bytes]) -> None:
            for data in waiting:
                worker.stdin.write(struct.pack(">I", len(data)) + data)
                worker.stdin.flush()
                _frame(worker.stdout)

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(feed, self._workers))

    def pids(self) -> list[int]:
        """Return the workers."""
        return [worker.pid for worker in self._workers]


def _frame(pipe: Any) -> bytes:
    return bytes(pipe.read(struct.unpack(">I", pipe.read(4))[0]))


def work() -> None:
    """Be a persistent worker: warm up, say so, then answer each file."""
    from openhotline.core.sandbox.memory import gather

    gather()
    from openhotline.evidence.examiner import program

    program.warm()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    answers: Iterator[bytes] = itertools.chain([b""], _answers(program.open_file, source))
    for answer in answers:
        sink.write(struct.pack(">I", len(answer)) + answer)
        sink.flush()


def _answers(open_file: Callable[..., Any], source: Any) -> Iterator[bytes]:
    while len(head := source.read(4)) == 4:
        answer = open_file(source.read(struct.unpack(">I", head)[0]), {})
        yield b"".join(encode_answer(answer, LIMITS))


def descendants(pid: int) -> list[int]:
    """Return a process and all its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *(found for child in children for found in descendants(int(child)))]


def spent(pids: list[int]) -> float:
    """Return the seconds of processor that processes and their ended children have taken."""
    fields = [Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split() for pid in pids]
    # utime, stime, cutime, cstime: fields 14 to 17 of proc(5).
    return sum(sum(map(int, row[11:15])) for row in fields) / _TICK


def faults(pids: list[int]) -> int:
    """Return the page faults of processes and their ended children (minflt and cminflt)."""
    fields = [Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split() for pid in pids]
    return sum(int(row[7]) + int(row[8]) for row in fields)


def fault_cost(pages: int = 8192) -> float:
    """Return the microseconds of processor that a child takes to copy and change one small page of its parent's."""
    inherited = mmap.mmap(-1, pages * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    inherited.madvise(mmap.MADV_NOHUGEPAGE)
    inherited.write(bytes(len(inherited)))
    firsts = np.frombuffer(inherited, np.uint8)[:: mmap.PAGESIZE]
    source, sink = os.pipe()
    if os.fork() == 0:
        began = time.process_time()
        firsts += 1
        os.write(sink, struct.pack("d", time.process_time() - began))
        os._exit(0)
    os.wait()
    taken: float = struct.unpack("d", os.read(source, 8))[0]
    return 1_000_000 * taken / pages


def decoding(data: bytes) -> float:
    """Return the milliseconds of processor that Pillow takes for the pixels alone."""
    began = time.process_time()
    with Image.open(io.BytesIO(data)) as image:
        image.load()
    return 1000 * (time.process_time() - began)


def limit(sandboxed: Sandboxed, rounds: int, share: float) -> dict[str, Any]:
    """Measure what a sandboxed file costs beside the work."""
    told: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        idle = Sandboxed(stack, f"{MISDEEDS}:echo")
        nothing = [b"x"] * max(WORKERS, int(200 * share))
        told["processor_ms_of_an_empty_child"] = spread([measured(idle, nothing)[1] for _ in range(rounds)])
    told["page_fault_us"] = spread([fault_cost() for _ in range(rounds)])
    for size, shape in SIZES.items():
        some = pictures(*shape)
        before = faults(sandboxed.pids())
        sandboxed.run(some)
        told[f"{size} MP"] = {
            "page_faults_a_file": round((faults(sandboxed.pids()) - before) / len(some)),
            "decoding_ms": spread([decoding(data) for data in some]),
        }
    return told


def measured(runner: Runner, files: list[bytes]) -> tuple[float, float]:
    """Return files a second, and milliseconds of processor a file, our own share included."""
    before, own, began = spent(runner.pids()), time.process_time(), time.perf_counter()
    runner.run(files)
    seconds = time.perf_counter() - began
    cpu = spent(runner.pids()) - before + time.process_time() - own
    return len(files) / seconds, 1000 * cpu / len(files)


def spread(values: list[float]) -> dict[str, float]:
    """Return median and range."""
    return {
        "median": round(statistics.median(values), 2),
        "least": round(min(values), 2),
        "most": round(max(values), 2),
    }


def bench(rounds: int, share: float) -> dict[str, Any]:
    """Measure both in turns, the order changing with each round."""
    told: dict[str, Any] = {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    with contextlib.ExitStack() as stack:
        sandboxed, bare = Sandboxed(stack), Unsandboxed(stack)
        runners: dict[str, Runner] = {"sandboxed": sandboxed, "unsandboxed": bare}
        told |= {"posture": sandboxed.posture, "workers": WORKERS, "rounds": rounds}
        for size, shape in SIZES.items():
            some = pictures(*shape)
            files = [some[at % len(some)] for at in range(max(WORKERS, int(FILES[size] * share)))]
            rates: dict[str, list[float]] = {name: [] for name in runners}
            costs: dict[str, list[float]] = {name: [] for name in runners}
            for turn in range(rounds):
                for name in sorted(runners, reverse=bool(turn % 2)):
                    rate, cost = measured(runners[name], files)
                    rates[name].append(rate)
                    costs[name].append(cost)
            of_rounds = list(zip(rates["sandboxed"], rates["unsandboxed"], strict=True))
            costs_of_rounds = zip(costs["unsandboxed"], costs["sandboxed"], strict=True)
            told[f"{size} MP"] = {
                "files_a_second": {name: spread(values) for name, values in rates.items()},
                "share_of_unsandboxed": spread([one / other for one, other in of_rounds]),
                "share_by_processor_time": spread([one / other for one, other in costs_of_rounds]),
                "processor_ms_a_file": {name: spread(values) for name, values in costs.items()},
            }
        told["limit"] = limit(sandboxed, rounds, share)
    return told | {"load": [round(value, 2) for value in os.getloadavg()]}


def main() -> None:
    """Measure once and print."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--share", type=float, default=1.0, help="of the files of a round; less for a quick look")
    asked.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.worker:
        work()
        return
    if os.environ.get("QUICK"):
        chosen.rounds, chosen.share = 2, 0.2
    text = json.dumps(bench(chosen.rounds, chosen.share), indent=2)
    if chosen.share >= 1:
        RESULT.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
