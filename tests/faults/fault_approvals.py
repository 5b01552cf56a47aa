"""Many people approve, withdraw, ask anew and carry out the same thing at once: it is done once, by two people, or not.

Each round one thing is asked for, and then everybody acts on it at the same moment, each over a connection of their
own: who asked tries to approve too, two others approve, somebody withdraws or asks again with another manifest, and
three try to carry it out. What the tables and the log say afterwards is held against the rule. On SQLite and on a
PostgreSQL of its own. Prints one JSON object; ends with 1 when the rule was broken.

    python tests/faults/fault_approvals.py [--times N] [--seed S] [--database sqlite|postgres] [--short] [--planted]
"""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from plays import Play  # noqa: E402 - path above

HANDS = 8
FIRST, CHANGED = "a" * 64, "b" * 64
Act = Callable[[], object]


@contextmanager
def without_the_lock() -> Iterator[None]:
    """Plant a bug: the approval is read without a lock before it is used."""
    from openhotline.accounts.models import Approval

    with patch.object(Approval.objects, "select_for_update", Approval.objects.all):
        yield


class Round:
    """One thing, and what eight hands do with it."""

    def __init__(self, number: int, people: dict[str, object], chance: random.Random) -> None:
        self.subject, self.people, self.chance = f"rel_{number}", people, chance
        self.withdrawn = chance.random() < 0.3
        self.changed = chance.random() < 0.3

    def acts(self) -> list[Act]:
        """Ask, and return what is done at once afterwards, in an order of chance."""
        approval = self._ask(FIRST)
        acts: list[Act] = [
            lambda: self._approve(approval, "asks"),
            lambda: self._approve(approval, "second"),
            lambda: self._approve(approval, "third"),
            *[self._carry_out] * 3,
            (lambda: self._withdraw(approval)) if self.withdrawn else self._carry_out,
            (lambda: self._ask(CHANGED)) if self.changed else self._carry_out,
        ]
        self.chance.shuffle(acts)
        return acts

    def _ask(self, manifest: str) -> int:
        from openhotline.accounts.services.ask_approval import ask_approval
        from openhotline.core.clock import now

        asks = self.people["asks"]
        return ask_approval(purpose="release", subject=self.subject, manifest_sha256=manifest, actor=asks, now=now()).pk

    def _approve(self, approval: int, who: str) -> None:
        from openhotline.accounts.services.approve import approve
        from openhotline.core.clock import now

        approve(approval_id=approval, manifest_sha256=FIRST, actor=self.people[who], now=now())

    def _withdraw(self, approval: int) -> None:
        from openhotline.accounts.services.withdraw_approval import withdraw_approval
        from openhotline.core.clock import now

        withdraw_approval(approval_id=approval, actor=self.people["second"], now=now())

    def _carry_out(self) -> None:
        """Try until it is done, or somebody else did it, or long enough."""
        from openhotline.accounts.errors import NotApproved
        from openhotline.accounts.services.use_approval import use_approval
        from openhotline.core.clock import now

        for _ in range(4):
            try:
                use_approval(
                    purpose="release",
                    subject=self.subject,
                    manifest_sha256=FIRST,
                    actor=self.people["asks"],
                    now=now(),
                )
            except NotApproved:
                time.sleep(self.chance.random() / 100)
            else:
                return

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each way in which the rule was broken."""
        from openhotline.accounts.models import Approval
        from openhotline.audit.models import Record

        rows = list(Approval.objects.filter(subject=self.subject))
        told = Counter(Record.objects.filter(subject=self.subject).values_list("action", flat=True))
        used = [row for row in rows if row.state == "used"]
        if told["release_approval_used"] != len(used) or len(used) > 1:
            yield f"{self.subject} was carried out {told['release_approval_used']} times; {len(used)} rows say so."
        for row in used:
            if row.approved_by in {None, row.asked_by}:
                yield f"{self.subject} was carried out with one signature."
            if row.manifest_sha256 != FIRST:
                yield f"{self.subject} was carried out with another manifest than was signed."
        if used and told["release_approval_withdrawn"]:
            yield f"{self.subject} was carried out although it was withdrawn."
        if told["release_approved"] > 1:
            yield f"{self.subject} has {told['release_approved']} second signatures."


@dataclass
class Hands:
    """Threads that keep a connection each and act at the same moment; counts refusals, by sentence or constraint."""

    pool: ThreadPoolExecutor
    refused: Counter[str]

    def at_once(self, acts: list[Act]) -> None:
        """Do all of it at the same moment and wait for the end."""
        start = threading.Barrier(len(acts))
        for one in [self.pool.submit(self._act, act, start) for act in acts]:
            one.result()

    def _act(self, act: Act, start: threading.Barrier) -> None:
        from django.db import IntegrityError

        from openhotline.core.errors import Refusal

        start.wait()
        try:
            act()
        except (Refusal, IntegrityError) as refusal:
            self.refused[type(refusal).__name__] += 1


def race(_folder: Path, rounds: int, seed: int, *, planted: str) -> dict[str, object]:
    """Play all rounds and return what was found."""
    from openhotline.accounts.models import Approval
    from openhotline.accounts.services.add_person import add_person
    from openhotline.accounts.states import Role
    from openhotline.core.clock import now

    people: dict[str, object] = {
        name: add_person(
            username=name, name=name, role=Role.SENIOR, password=None, practice=True, actor="race", now=now()
        )
        for name in ("asks", "second", "third")
    }
    chance, refused = random.Random(seed), Counter[str]()
    found: list[str] = []
    with ThreadPoolExecutor(HANDS) as pool, without_the_lock() if planted else ExitStack():
        hands = Hands(pool, refused)
        for number in range(rounds):
            one = Round(number, people, chance)
            hands.at_once(one.acts())
            found += one.faults()
    used = Approval.objects.filter(state="used").count()
    return {
        "rounds": rounds,
        "carried_out": used,
        "refused": dict(refused),
        "faults": found,
    }


if __name__ == "__main__":
    Play(__file__, __doc__, race, 1000, 60, "approvals are read without a lock (shows on PostgreSQL)").main()
