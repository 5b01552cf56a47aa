"""Many people approve, withdraw, ask anew and carry out the same thing at once: it is done once, by two people, or not.

Each round one thing is asked for, and then everybody acts on it at the same moment, each over a connection of their
own: who asked tries to approve too, two others approve, somebody withdraws or asks again with another manifest, and
three try to carry it out. Of a role, several approve, which changes it in the same transaction, while another role is
asked for, the person approves too, and somebody disables them. What the tables and the log say afterwards is held
against the rule. On SQLite and on a PostgreSQL of its own. Prints one JSON object; ends with 1 when it was broken.

    python tests/faults/fault_approvals.py [release] [role] [--times N] [--seed S] [--database D] [--short] [--planted]
"""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import counts  # noqa: E402 - path above
from plays import Play, main  # noqa: E402 - path above

HANDS = 8
FIRST, CHANGED = "a" * 64, "b" * 64
Act = Callable[[], object]


@contextmanager
def without_the_lock() -> Iterator[None]:
    """Plant a bug: approval, person and change are read without a lock before they are used."""
    from openhotline.accounts.models import Approval, Person, RoleChange

    with ExitStack() as stack:
        for table in (Approval, Person, RoleChange):
            stack.enter_context(patch.object(table.objects, "select_for_update", table.objects.all))
        yield


class Round:
    """One thing, and what eight hands do with it."""

    def __init__(self, number: int, people: dict[str, Any], chance: random.Random) -> None:
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


class RoleRound:
    """One person who is to have another role, and what eight hands do about it."""

    def __init__(self, number: int, people: dict[str, Any], chance: random.Random) -> None:
        from openhotline.accounts.states import Role

        self.people, self.chance = people, chance
        self.subject = added(f"subject{number}", Role.MANAGER)
        self.disabled, self.changed = chance.random() < 0.2, chance.random() < 0.3

    def acts(self) -> list[Act]:
        """Ask, and return what is done at once afterwards, in an order of chance."""
        from openhotline.accounts.models import Approval
        from openhotline.accounts.states import Role

        self._ask(Role.AUDITOR)
        asked = Approval.objects.get(subject=self.subject.public_id)
        acts: list[Act] = [lambda who=who: self._approve(asked, who) for who in ("asks", "second", "third", "second")]
        acts += [lambda: self._approve(asked, "self"), lambda: self._approve(asked, "third")]
        acts.append(self._disable if self.disabled else lambda: self._approve(asked, "second"))
        acts.append((lambda: self._ask(Role.ANALYST)) if self.changed else lambda: self._approve(asked, "third"))
        self.chance.shuffle(acts)
        return acts

    def _ask(self, role: Any) -> None:
        from openhotline.accounts.services.ask_role import ask_role
        from openhotline.core.clock import now

        ask_role(person_id=self.subject.pk, role=role, actor=self.people["asks"], now=now())

    def _approve(self, asked: Any, who: str) -> None:
        from openhotline.accounts.services.approve_role import approve_role
        from openhotline.core.clock import now

        time.sleep(self.chance.random() / 200)
        actor = self.subject if who == "self" else self.people[who]
        approve_role(approval_id=asked.pk, manifest_sha256=asked.manifest_sha256, actor=actor, now=now())

    def _disable(self) -> None:
        from openhotline.accounts.services.disable_person import disable_person
        from openhotline.core.clock import now

        disable_person(person_id=self.subject.pk, actor=self.people["asks"], now=now())

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each way in which the rule was broken."""
        from openhotline.accounts.models import Approval, RoleChange
        from openhotline.audit.models import Record

        name = self.subject.public_id
        self.subject.refresh_from_db()
        used = list(Approval.objects.filter(subject=name, state="used"))
        done = list(RoleChange.objects.filter(person=self.subject).exclude(done_at=None))
        told = Record.objects.filter(subject=name, action="role_changed").count()
        if not len(used) == len(done) == told <= 1:
            yield f"{name} was changed {told} times, by {len(used)} approvals and {len(done)} changes."
        if self.subject.role != (done[-1].role if done else "manager"):
            yield f"{name} is {self.subject.role}, which nobody carried out."
        for row in used:
            if row.approved_by in {None, row.asked_by, name}:
                yield f"{name} was changed with one signature, or their own."


@dataclass
class Hands:
    """Threads that keep a connection each and act at the same moment.

    Counts refusals, by sentence or constraint; what a person would see as an error of the server is a fault.
    """

    pool: ThreadPoolExecutor
    refused: Counter[str]
    faults: list[str] = field(default_factory=list)

    def at_once(self, acts: list[Act]) -> None:
        """Do all of it at the same moment and wait for the end."""
        start = threading.Barrier(len(acts))
        for one in [self.pool.submit(self._act, act, start) for act in acts]:
            one.result()

    def _act(self, act: Act, start: threading.Barrier) -> None:
        from django.db import IntegrityError, OperationalError

        from openhotline.core.errors import Refusal

        start.wait()
        try:
            act()
        except (Refusal, IntegrityError) as refusal:
            self.refused[type(refusal).__name__] += 1
        except OperationalError as error:
            self.faults.append(f"An act ended with an error: {str(error).splitlines()[0]}.")


def added(name: str, role: Any) -> Any:
    """Return somebody new of a role."""
    from openhotline.accounts.services.add_person import add_person
    from openhotline.core.clock import now

    return add_person(username=name, name=name, role=role, password=None, practice=True, actor="race", now=now())


def race(kind: type[Round | RoleRound], rounds: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Play all rounds of a kind and return what was found."""
    from openhotline.accounts.models import Approval
    from openhotline.accounts.states import Role

    people = {name: added(name, Role.MANAGER) for name in ("asks", "second", "third")}
    chance, refused = random.Random(seed), Counter[str]()
    found: list[str] = []
    with ThreadPoolExecutor(HANDS) as pool, without_the_lock() if planted else ExitStack():
        hands = Hands(pool, refused)
        for number in range(rounds):
            one = kind(number, people, chance)
            hands.at_once(one.acts())
            found += one.faults()
    used = Approval.objects.filter(state="used").count()
    return {"rounds": rounds, "carried_out": used, "refused": dict(refused), "faults": found + hands.faults}


def of_releases(_folder: Path, rounds: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Race for a release."""
    return race(Round, rounds, seed, planted=planted)


def of_roles(_folder: Path, rounds: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Race for somebody's role."""
    return race(RoleRound, rounds, seed, planted=planted)


DONE = (counts("carried_out"),)
UNLOCKED = "rows are read without a lock (shows on PostgreSQL)"
PLAYS = (
    Play(__file__, __doc__, of_releases, 1000, 60, UNLOCKED, name="release", covers=DONE),
    Play(__file__, __doc__, of_roles, 1000, 60, UNLOCKED, name="role", covers=DONE),
)

if __name__ == "__main__":
    main(PLAYS)
