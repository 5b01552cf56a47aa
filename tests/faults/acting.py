"""What people and machines do to an installation, for the drills: one act a process, its result as JSON.

python acting.py people | fill COUNT [SEED] | trickle COUNT SEED | approve | open | names | work
"""

import json
import random
import sys
import time
from hashlib import sha256
from pathlib import Path

import django

django.setup()

from openhotline.accounts.models import Approval, Person  # noqa: E402 - the settings are read by setup
from openhotline.accounts.queries import waiting_approvals  # noqa: E402
from openhotline.accounts.services.add_person import add_person  # noqa: E402
from openhotline.accounts.services.approve import approve  # noqa: E402
from openhotline.accounts.services.confirm_approval import confirm_approval  # noqa: E402
from openhotline.accounts.states import ApprovalState, Role  # noqa: E402
from openhotline.core.clock import now  # noqa: E402
from openhotline.core.jobs import drain  # noqa: E402
from openhotline.core.net.addresses import parse  # noqa: E402
from openhotline.evidence.models import Item  # noqa: E402
from openhotline.evidence.queries import open_original  # noqa: E402
from openhotline.evidence.services.ask_key_work import ask_key_work  # noqa: E402
from openhotline.evidence.services.seal_files import SealableFile, seal_files  # noqa: E402
from openhotline.evidence.states import Work  # noqa: E402
from openhotline.intake.models import Address  # noqa: E402

BATCH = 500
SIZE = 600


def content(number: int, seed: int) -> bytes:
    """Return the bytes of a file that is no picture: what is sealed is not looked at here."""
    return random.Random(f"{seed} {number}").randbytes(SIZE)


def people() -> list[str]:
    """Add an operator and a manager."""
    made = []
    for role in (Role.OPERATOR, Role.MANAGER):
        # Nobody signs in here, and hashing a password takes longer than most drills.
        named = {"username": role.value, "name": role.value, "role": role, "password": None, "practice": True}
        made.append(add_person(**named, actor="drill", now=now()).username)
    return made


def fill(count: int, seed: int = 0) -> list[str]:
    """Seal so many files and return their outside ids."""
    parsed = parse("http://localhost/drill")
    address = Address.objects.keep([parsed], now=now())[parsed.canonical]
    names = []
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        files = [SealableFile(content(number, seed), address_id=address.pk) for number in numbers]
        names += [item.public_id for item in seal_files(files=files, now=now())]
    return names


def trickle(count: int, seed: int) -> list[str]:
    """Seal so many files, five at a time: what comes in while something else is looked at."""
    parsed = parse("http://localhost/drill")
    address = Address.objects.keep([parsed], now=now())[parsed.canonical]
    names = []
    for start in range(0, count, 5):
        files = [SealableFile(content(number, seed), address_id=address.pk) for number in range(start, start + 5)]
        names += [item.public_id for item in seal_files(files=files, now=now())]
        time.sleep(0.03)
    return names


def approve_all() -> int:
    """Sign everything that waits, as the manager, once who was named at the command line has confirmed it."""
    for one in Approval.objects.filter(state=ApprovalState.TYPED):
        who = Person.objects.get(public_id=one.asked_by)
        confirm_approval(approval_id=one.pk, manifest_sha256=one.manifest_sha256, actor=who, now=now())
    manager = Person.objects.get(role=Role.MANAGER)
    waiting = waiting_approvals()
    for one in waiting:
        approve(approval_id=one.pk, manifest_sha256=one.manifest_sha256, actor=manager, now=now())
    return len(waiting)


def allow_copies(folder: str) -> int:
    """Let copies of the key store be made below a folder today, as the operator and the manager."""
    operator = Person.objects.get(role=Role.OPERATOR)
    ask_key_work(
        work=Work.COPY_STORE, detail={"folder": str(Path(folder).resolve()), "days": 1}, actor=operator, now=now()
    )
    return approve_all()


def open_all() -> dict[str, object]:
    """Open every item; tell how many open to the bytes that were sealed, and which do not."""
    readable, closed = [], []
    for item in Item.objects.order_by("pk").iterator():
        try:
            data = open_original(item)
        except Exception:  # noqa: BLE001 - whatever keeps it from opening is what is counted
            closed.append(item.public_id)
            continue
        same = json.loads(item.digests)["sha256"] == sha256(data).hexdigest()
        (readable if same else closed).append(item.public_id)
    return {"readable": readable, "closed": closed}


def names() -> list[str]:
    """Return the outside ids of all items."""
    return list(Item.objects.order_by("pk").values_list("public_id", flat=True))


def work() -> int:
    """Do what the worker would, until nothing is left."""
    drain()
    return 0


ACTS = {
    "people": people,
    "fill": fill,
    "trickle": trickle,
    "approve": approve_all,
    "open": open_all,
    "names": names,
    "work": work,
}


def main(words: list[str]) -> None:
    """Do what the words say, and print what came of it as JSON."""
    act, *numbers = words
    sys.stdout.write(json.dumps(ACTS[act](*map(int, numbers))))  # type: ignore[operator] # each takes such numbers


if __name__ == "__main__":
    main(sys.argv[1:])
