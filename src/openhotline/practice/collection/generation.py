"""Making a whole collection: in worker processes, resumable, the same for the same seed."""

import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import parent_process
from pathlib import Path

from openhotline.practice.collection.complete import write_complete
from openhotline.practice.collection.credentials import SigningIdentity, new_identity
from openhotline.practice.collection.families import Made, Maker
from openhotline.practice.collection.plan import plan
from openhotline.practice.collection.planned import Family
from openhotline.practice.collection.records import write_records
from openhotline.practice.collection.structure import Structure, load

Progress = Callable[[int, int], None]
_BATCH = 8
_maker: Maker | None = None


def generate(folder: Path, *, items: int, seed: int, workers: int = 2, progress: Progress | None = None) -> Path:
    """Make a practice collection of `items` files in `folder`, and answer the folder.

    A call that was interrupted is continued by the same call; a finished collection is left as it is. The
    same `items` and `seed` give the same files (`credentials` names the one exception). `progress` is called
    with files done and files in all. With one worker no process is started.

    Raises:
        ValueError: `items` or `workers` is under one, or the folder holds another collection.
        RuntimeError: a worker process was killed; the same call continues.
    """
    if workers < 1:
        raise ValueError(f"{workers} workers cannot make a collection; ask for one at least.")
    structure = load()
    families = plan(structure, items, seed)
    folder.mkdir(parents=True, exist_ok=True)
    _claim(folder, items, seed, structure)
    tell = progress or _silent
    if (folder / "manifest.jsonl").exists():
        tell(items, items)
        return folder
    made = _make_all(folder, families, _Job(folder, seed, structure, workers, items), tell)
    write_records(folder, structure, seed, families, made)
    return folder


def _silent(_done: int, _total: int) -> None:
    """Nobody asked."""


class _Job:
    """What all workers of one call share."""

    def __init__(self, folder: Path, seed: int, structure: Structure, workers: int, items: int) -> None:
        self.folder, self.seed, self.structure = folder, seed, structure
        self.workers, self.items = workers, items
        self.identity: SigningIdentity = new_identity()


def _claim(folder: Path, items: int, seed: int, structure: Structure) -> None:
    """Note what the folder is for, and refuse to mix two collections."""
    wanted = {"items": items, "seed": seed, "structure": structure.digest}
    note = folder / "collection.json"
    if note.exists():
        held = json.loads(note.read_text(encoding="utf-8"))
        if held != wanted:
            raise ValueError(
                f"{folder} holds a collection of {held.get('items')} items with seed {held.get('seed')}, and "
                f"{items} items with seed {seed} were asked for (or structure.toml has changed since). "
                "Choose another folder, or delete this one."
            )
        return
    write_complete(note, json.dumps(wanted) + "\n")


def _make_all(folder: Path, families: Sequence[Family], job: _Job, tell: Progress) -> dict[int, Made]:
    write_complete(folder / "practice-root.pem", job.identity.root)
    made: dict[int, Made] = {}
    for batch in _batches(families, job):
        made |= {one.number: one for one in batch}
        tell(len(made), job.items)
    return made


def _batches(families: Sequence[Family], job: _Job) -> Iterator[list[Made]]:
    cut = [families[at : at + _BATCH] for at in range(0, len(families), _BATCH)]
    start = (job.folder, job.seed, job.identity)
    if job.workers == 1:
        maker = Maker(job.folder, job.seed, job.structure, job.identity)
        yield from ([one for family in batch for one in maker.make(family)] for batch in cut)
        return
    spawning = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(job.workers, spawning, _start_worker, start)
    try:
        yield from pool.map(_make_batch, cut)
    except BrokenProcessPool as error:
        raise RuntimeError(
            "A worker process ended before its work was done; the machine may be short of memory. What was "
            "made so far is kept: start the same command again to continue."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _start_worker(folder: Path, seed: int, identity: SigningIdentity) -> None:
    global _maker  # noqa: PLW0603 - a pool hands its workers nothing else that lasts
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the pool
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _maker = Maker(folder, seed, load(), identity)


def _end_with_parent() -> None:
    """A parent that was killed cannot end its workers, so they watch for it."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _make_batch(batch: Sequence[Family]) -> list[Made]:
    assert _maker is not None
    return [one for family in batch for one in _maker.make(family)]
