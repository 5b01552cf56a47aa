"""Rotation under kill -9: children that rotate are killed at random moments while others seal and open."""

import multiprocessing
import os
import random
import secrets
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import sha256
from typing import Any

from django.db import connections

from faults import acting
from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.services.seal import seal
from openhotline.audit.services.verify import verify
from openhotline.core import blobs, keys
from openhotline.core.clock import now
from openhotline.core.datakeys import DataKeys, data_keys
from openhotline.evidence.models import Item
from openhotline.evidence.queries import open_original
from openhotline.evidence.services.rotate_keys import left_to_rotate, rotate_keys

FORK = multiprocessing.get_context("fork")
BATCH = 25
LONGEST = 0.25


def measure(objects: int, kills: int, seed: int, *, planted: bool) -> dict[str, Any]:
    """Return how many objects do not open, and how many keys are left behind, after so many kills."""
    acting.people()
    acting.fill(objects, seed)
    before = _objects()
    if planted:
        DataKeys._rewrap_some = _careless  # type: ignore[method-assign] # the planted bug
    chance = random.Random(seed)
    begin_next()
    told = FORK.Queue()
    others = [started(_seal_on, seed), started(_open_on, told, seed)]
    epochs, done = 1, 0
    try:
        while done < kills:
            done += killed(chance.random() * LONGEST)
            if not left_to_rotate(data_keys()):
                begin_next()
                epochs += 1
    finally:
        for one in others:
            os.kill(one.pid or 0, signal.SIGTERM)
            one.join()
    failed, opened = told.get(timeout=30)
    rotate_keys(actor=Person.objects.get(role=Role.OPERATOR), now=now())
    meanwhile = {"opened_meanwhile": opened, "unreadable_meanwhile": failed}
    return _counted(before) | meanwhile | {"kills": done, "epochs": epochs, "objects_at_start": objects}


def _counted(before: dict[str, str]) -> dict[str, Any]:
    store = data_keys()
    left = left_to_rotate(store)
    for epoch in store.epochs()[:-1]:
        if not epoch.keys:
            store.retire_epoch(epoch.number)
            keys.destroy(store.folder / keys.epoch_name(epoch.number))
    after, opened = _objects(), acting.open_all()
    seal(now=now())
    return {
        "objects": Item.objects.count(),
        "unreadable": len(opened["closed"]),  # type: ignore[arg-type] # a list of names
        "left_on_an_old_epoch": left,
        "payloads_rewritten": sum(after.get(name) != digest for name, digest in before.items()),
        "log_faults": len(verify().faults),
    }


def _objects() -> dict[str, str]:
    store = blobs.store()
    return {name: sha256(store.get(name)).hexdigest() for name in store.names()}


def begin_next() -> None:
    """Make the next epoch current."""
    store = data_keys()
    number = store.epochs()[-1].number + 1
    keys.make_epoch(store.folder, number, secrets.token_bytes(keys.LENGTH))
    store.begin_epoch(number)


def started(work: Callable[..., None], *arguments: object) -> Any:
    """Start a child process that does this; its connections are its own."""
    connections.close_all()
    child = FORK.Process(target=work, args=arguments, daemon=True)
    child.start()
    return child


def killed(after: float) -> int:
    """Let a child rotate, kill -9 it after so many seconds; return 1 if it was killed in the middle of its work."""
    ready, ready_there = FORK.Pipe(duplex=False)
    child = started(_rotate, ready_there)
    ready_there.close()
    with closing(ready):
        ready.poll(30)
        time.sleep(after)
        os.kill(child.pid, signal.SIGKILL)
        child.join()
    return int(child.exitcode == -signal.SIGKILL)


def _rotate(ready: Any) -> None:
    actor = Person.objects.get(role=Role.OPERATOR)
    ready.send(1)
    rotate_keys(actor=actor, now=now(), batch=BATCH)


class _Ended(Exception):  # noqa: N818 - the wish of the parent
    """The parent wants this child to end."""


def _end_when_asked(*_: object) -> None:
    raise _Ended


def _seal_on(seed: int) -> None:
    """Seal a few files after the other until asked to end."""
    signal.signal(signal.SIGTERM, _end_when_asked)
    number = 0
    with suppress(_Ended):
        while True:
            acting.fill(5, seed=seed * 1_000_000 + number + 1)
            number += 1
            time.sleep(0.05)


def _open_on(told: Any, seed: int) -> None:
    """Open one object after the other until asked to end; tell how many did not open, and of how many."""
    signal.signal(signal.SIGTERM, _end_when_asked)
    chance, failed, opened = random.Random(seed), 0, 0
    rows = list(Item.objects.order_by("pk"))
    try:
        while True:
            try:
                open_original(chance.choice(rows))
            except _Ended:
                raise
            except Exception:  # noqa: BLE001 - whatever keeps it from opening is what is counted
                failed += 1
            opened += 1
            time.sleep(0.01)
    except _Ended:
        told.put((failed, opened))


def _careless(store: DataKeys, batch: int) -> int:
    """Wrap anew one key after the other: taken out, and put in again in a second transaction."""
    with store._reading() as there:
        epoch = there.execute("SELECT max(number) FROM epoch").fetchone()[0]
        question = "SELECT name FROM data_key WHERE epoch < ? LIMIT ?"
        names = [name for (name,) in there.execute(question, (epoch, batch))]
    for name in names:
        raw = store.get(name).raw
        store.forget([name])
        time.sleep(0.005)
        store.take_in({name: raw})
    return len(names)
