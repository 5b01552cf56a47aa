"""Purges under kill -9: what was begun is brought to its end, what was not agreed on stays, nothing is half gone."""

import os
import random
import signal
import time
from typing import Any

from faults import acting
from faults.keys_rotation import FORK, started
from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.models import Record
from openhotline.audit.services.seal import seal
from openhotline.audit.services.verify import verify
from openhotline.core import blobs
from openhotline.core.clock import now
from openhotline.core.datakeys import DataKeys, data_keys
from openhotline.evidence.models import Item, Purge, Tombstone
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.services.purge_items import purge_items
from openhotline.evidence.states import PurgeReason, PurgeState

ITEMS = 10
LONGEST = 0.08
MOST_TRIES = 40


def measure(kills: int, seed: int, *, planted: bool) -> dict[str, Any]:
    """Carry out purges of ten items each, killed again and again, until so many kills hit; return what is wrong."""
    acting.people()
    operator = Person.objects.get(role=Role.OPERATOR)
    if planted:
        _plant()
    chance, done, named = random.Random(seed), 0, set[str]()
    kept = set(acting.fill(100, seed))
    number = 0
    while done < kills:
        number += 1
        names = acting.fill(ITEMS, seed * 1_000_000 + number)
        named |= set(names)
        drafted = draft_purge(names=names, reason=PurgeReason.RETENTION_ENDED, actor=operator, now=now())
        acting.approve_all()
        for _ in range(MOST_TRIES):
            done += killed(drafted.pk, chance.random() * LONGEST)
            if Purge.objects.get(pk=drafted.pk).state == PurgeState.DONE:
                break
        else:
            purge_items(purge_id=drafted.pk, actor=operator, now=now())
    seal(now=now())
    opened = acting.open_all()
    return {
        "kills": done,
        "purges": number,
        "purged": len(named),
        "kept": len(kept),
        "half_purged": half_purged(named),
        "readable": len(named & set(opened["readable"])),  # type: ignore[call-overload] # a list of names
        "others_unreadable": len(kept - set(opened["readable"])),  # type: ignore[call-overload] # a list of names
        "not_recorded_once": abs(Record.objects.filter(action="items_purged").count() - number),
        "log_faults": len(verify().faults),
    }


def half_purged(named: set[str]) -> int:
    """Return how many of these items still have a key or an object, or lack their tombstone or certificate."""
    keys, store = data_keys().wrapped(named), blobs.store()
    entombed = set(Tombstone.objects.filter(purge__certificate__isnull=False).values_list("item__public_id", flat=True))
    rows = Item.objects.filter(public_id__in=named).values_list("public_id", flat=True)
    return sum(name in keys or store.has(name) or name not in entombed for name in rows)


def killed(purge: int, after: float) -> int:
    """Let a child carry out a purge, kill -9 it after so many seconds; return 1 if it was killed before its end."""
    ready, ready_there = FORK.Pipe(duplex=False)
    child = started(_carry_out, purge, ready_there)
    ready_there.close()
    ready.poll(30)
    ready.close()
    time.sleep(after)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    return int(child.exitcode == -signal.SIGKILL)


def _carry_out(purge: int, ready: Any) -> None:
    operator = Person.objects.get(role=Role.OPERATOR)
    ready.send(1)
    purge_items(purge_id=purge, actor=operator, now=now())


def _plant() -> None:
    """Say that a purge is done before its keys are destroyed."""
    destroy = DataKeys.destroy

    def too_late(store: DataKeys, names: Any, *, purge: str) -> int:
        Purge.objects.filter(public_id=purge).update(state=PurgeState.DONE)
        time.sleep(LONGEST / 4)
        return destroy(store, names, purge=purge)

    DataKeys.destroy = too_late  # type: ignore[method-assign] # the planted bug
