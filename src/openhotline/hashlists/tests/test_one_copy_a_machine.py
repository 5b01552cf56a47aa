"""Processes that serve a list map its file: a machine holds it once, however many there are."""

import json
import multiprocessing
import re
from pathlib import Path
from typing import Any

import numpy as np

from openhotline.hashlists.models import served_list as module
from openhotline.hashlists.models.served_list import ServedList, append, compact, newest_index

ENTRIES, KIB = 200_000, 1024


def of_own(path: Path) -> int:
    """Return how many KiB of this process are of its own: what it wrote of a mapped file, and what is no file's."""
    maps = Path("/proc/self/smaps").read_text()
    parts = re.split(r"(?m)^(?=[0-9a-f]+-[0-9a-f]+ )", maps)
    changed = [re.search(r"Private_Dirty: +(\d+)", one) for one in parts if str(path) in one]
    assert changed, "The index file is not mapped."
    anonymous = re.search(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())
    assert anonymous is not None
    return int(anonymous[1]) + sum(int(one[1]) for one in changed if one)


def serve(folder: Path, queries: Any, there: Any, told: Any) -> None:
    """Search the list as one process of several; tell what was found and by how much this process grew for it."""
    before = int(re.search(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())[1])  # type: ignore[index]
    served = ServedList(folder, "ordinary")
    found = served.search(queries)
    there.wait(60)
    told.put(json.dumps({"found": len(found), "grew": of_own(newest_index(folder, "ordinary")[1]) - before}))  # type: ignore[arg-type]
    there.wait(60)


def hashes() -> Any:
    """Return the hashes of a list of unrelated pictures."""
    return np.random.default_rng(7).integers(0, 256, (ENTRIES, 32), np.uint8)


def test_two_processes_hold_one_copy_of_the_list(tmp_path: Path, monkeypatch: Any) -> None:
    """Each finds everything, and has next to nothing of the list in memory of its own."""
    monkeypatch.setattr(module, "COMPACT_AT", 1_000)
    append(tmp_path, "ordinary", np.arange(ENTRIES, dtype=np.int64), hashes())
    assert compact(tmp_path, "ordinary")
    queries = hashes()[:100].copy()
    ServedList(tmp_path, "ordinary").search(queries)
    size = newest_index(tmp_path, "ordinary")[1].stat().st_size // KIB  # type: ignore[union-attr]
    fork = multiprocessing.get_context("fork")
    there, told = fork.Barrier(2), fork.Queue()
    both = [fork.Process(target=serve, args=(tmp_path, queries, there, told)) for _ in range(2)]
    for one in both:
        one.start()
    answers = [json.loads(told.get(timeout=90)) for _ in both]
    for one in both:
        one.join(60)
    assert [one["found"] for one in answers] == [100, 100]
    # What searching itself needs beside, and what a fork copies when it first writes, are a few MiB.
    assert all(one["grew"] < size / 2 for one in answers), (answers, size)
