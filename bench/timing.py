"""Measure several ways side by side: in turn, many rounds, medians with ranges."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Way:
    """Something to measure: a call that handles so many things."""

    call: Callable[[], object]
    things: int


def in_turn(ways: Mapping[str, Way], rounds: int) -> dict[str, dict[str, float]]:
    """Things a second of each way: median, lowest and highest by the clock, and median by processor time.

    The ways take turns within each round, so that a busy moment of the machine meets all of them; a first round
    warms up and is not counted. Processor time is of the whole process: with two threads it counts both.
    """
    clock: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            began, began_processor = time.perf_counter(), time.process_time()
            way.call()
            took, took_processor = time.perf_counter() - began, time.process_time() - began_processor
            if turn:
                clock[name].append(way.things / took)
                processor[name].append(way.things / max(took_processor, 1e-9))
    return {
        name: {
            "per_second": statistics.median(clock[name]),
            "lowest": min(clock[name]),
            "highest": max(clock[name]),
            "per_processor_second": statistics.median(processor[name]),
        }
        for name in ways
    }


def once(call: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """The result of a call, and the seconds it took by the clock and by the processors."""
    began, began_processor = time.perf_counter(), time.process_time()
    result = call()
    return result, {
        "seconds": time.perf_counter() - began,
        "processor_seconds": time.process_time() - began_processor,
    }


def machine() -> dict[str, Any]:
    """What it was measured on, and how busy that was."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    return {
        "processor": model,
        "processors": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def write(name: str, results: Mapping[str, Any]) -> None:
    """Write results as JSON into bench/results."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / name).write_text(json.dumps(results, indent=2) + "\n")
    print(f"written: bench/results/{name}")
