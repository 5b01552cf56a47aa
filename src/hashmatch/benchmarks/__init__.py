"""Measuring: `hashmatch bench`. A suite is a module with `measure(setting)` that yields rows; `SUITES` names them."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.progress import Progress, TaskID

from hashmatch.benchmarks.drawing import drawn
from hashmatch.benchmarks.measuring import Row, Setting, Suite

SUITES = {
    "hashing": "hashmatch.benchmarks.hashing",
    "fidelity": "hashmatch.benchmarks.fidelity",
    "processes": "hashmatch.benchmarks.processes",
    "search": "hashmatch.benchmarks.search",
    "hundred-million": "hashmatch.benchmarks.hundred_million",
    "life": "hashmatch.benchmarks.life",
}
PICTURE = "speed.svg"
_PACKAGES = ("numpy", "numba", "Pillow", "pdqhash", "threatexchange", "faiss-cpu")


def run(suites: Iterable[str], folder: Path, steps: Progress, *, quick: bool) -> list[Row]:
    """Measure suites, write `SUITE.json` for each and `speed.svg` of all in the folder; the rows of all.

    Raises `MissingPeer` when what is compared with is not installed, and `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in suites:
        step = steps.add_task(name, total=None)
        setting = Setting(quick, folder, partial(_described, steps, step))
        measure: Suite = import_module(SUITES[name]).measure
        rows = list(measure(setting))
        steps.remove_task(step)
        content = {"suite": name, "quick": quick, "machine": machine(), "rows": [asdict(row) for row in rows]}
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    found = kept(folder)
    (folder / PICTURE).write_text(drawn(found))
    return found


def _described(steps: Progress, step: TaskID, text: str) -> None:
    steps.update(step, description=text)


def kept(folder: Path) -> list[Row]:
    """The rows that the files of all suites hold, in the order of `SUITES`."""
    files = [folder / f"{name}.json" for name in SUITES]
    return [Row(**row) for file in files if file.exists() for row in json.loads(file.read_text())["rows"]]


def machine() -> dict[str, str]:
    """What the figures hold for: processor, cores, versions."""
    about = {"processor": _processor(), "cores": str(os.cpu_count()), "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            about[package] = version(package)
        except PackageNotFoundError:
            about[package] = "not installed"
    return about


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def as_text(rows: Iterable[Row]) -> str:
    """A table for people: every figure beside its bar."""
    lines = [("figure", "ratio", "bar", "", "median (range)", "note")]
    for row in rows:
        span = f"{row.median:.4g} ({row.low:.4g} to {row.high:.4g}) {row.unit}"
        about = f"than {row.peer}; {row.note}" if row.peer else row.note
        lines.append((row.name, _ratio(row), _bar(row), _verdict(row), span, about))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, [*widths, 0], strict=True)).rstrip() for line in lines
    )


def _ratio(row: Row) -> str:
    return f"{row.ratio:.1f}x" if row.peer else f"{row.ratio:.4g}"


def _bar(row: Row) -> str:
    if row.bar is None:
        return ""
    return f"<= {row.bar:g}" if row.at_most else f">= {row.bar:g}"


def _verdict(row: Row) -> str:
    return "" if row.reached is None else "reached" if row.reached else "SHORT"
