"""Damaged files and bombs through the real sandbox: it may refuse them, and nothing worse may come of them.

Each case is a picture or a video of our own, taken apart, damaged and put together (`mutating.py`), or a file that
would unfold to something enormous (`bombs.py`). Counted are restarts of the sandbox, the memory and time of the dearest
child, and how children ended. Prints one JSON object; ends with 1 when there is a fault.

    python tests/faults/fault_decoder.py [damaged] [bombs] [--times N] [--total N] [--seed S] [--into FILE] [--planted]
"""

import dataclasses
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import Cover  # noqa: E402 - path above
from plays import ALONE, Play, main  # noqa: E402 - path above

from faults import bombs, mutating  # noqa: E402 - found by the path set above
from openhotline.core.sandbox.parent import Sandbox  # noqa: E402 - as above
from openhotline.core.sandbox.protocol import Answer, Failure, Limits  # noqa: E402 - as above
from openhotline.evidence.examiner.two_sandboxes import TwoSandboxes  # noqa: E402 - as above

MISDEEDS = "openhotline.core.sandbox.misdeeds"
LIMITS = Limits(facts_bytes=4 << 20)  # as evidence/examiner has them, which needs Django's settings
MEMORY, SECONDS = 512 << 20, 10.0
ZYGOTES = 2
BATCH = 200
DAMAGED, SHORT, BOMBS = 1_000, 300, 106
_KIND = re.compile(r"\((\w+)\)")
Case = tuple[str, bytes]


@dataclasses.dataclass
class Count:
    """What came of the cases so far."""

    cases: int = 0
    restarts: int = 0
    peak: int = 0
    own: int = 0
    cpu: float = 0.0
    slowest: float = 0.0
    forms: Counter[str] = dataclasses.field(default_factory=Counter)
    ends: Counter[str] = dataclasses.field(default_factory=Counter)
    signatures: Counter[str] = dataclasses.field(default_factory=Counter)
    faults: list[str] = dataclasses.field(default_factory=list)

    def add(self, name: str, end: Answer | Failure, seconds: float) -> None:
        """Take one case in."""
        self.cases += 1
        self.slowest = max(self.slowest, round(seconds, 3))
        self.ends[end.reason if isinstance(end, Failure) else "answered"] += 1
        form = name.partition(" ")[0]
        self.forms[form] += 1
        if signature := signature_of(end):
            self.signatures[f"{form}: {signature}"] += 1
        if seconds > SECONDS:
            self.faults.append(f"{name} took {seconds:.1f} s.")

    def weigh(self, sandbox: Sandbox | TwoSandboxes) -> None:
        """Take in what the cases cost; a zygote that had to be replaced is a fault, and so is a child too large."""
        wear = sandbox.wear()
        self.restarts += wear.restarts
        self.peak, self.own = max(self.peak, wear.peak), max(self.own, wear.own)
        self.cpu = max(self.cpu, round(wear.cpu, 2))
        if wear.restarts:
            self.faults.append(f"A zygote had to be started again, {wear.restarts} times.")
        if wear.own > MEMORY:
            self.faults.append(f"A child may have had {wear.own >> 20} MiB for itself, of {wear.peak >> 20} in all.")


def signature_of(end: Answer | Failure) -> str:
    """Return how a child ended that neither answered nor refused in words of its own; "" for those."""
    if isinstance(end, Answer) or (end.reason.startswith("refused:") and end.reason != "refused:error"):
        return ""
    if end.signal:
        return f"signal {end.signal}"
    found = _KIND.search(end.sentence)
    return found[1] if found else end.reason


def run(cases: Iterable[Case], count: Count, *, limits: Limits = LIMITS, misdeed: str = "") -> None:
    """Put every case through the sandbox, two at a time; with ``misdeed`` its target does that instead."""
    opened = (
        Sandbox(f"{MISDEEDS}:misbehave", zygotes=ZYGOTES, limits=limits)
        if misdeed
        else TwoSandboxes(zygotes=ZYGOTES, limits=limits)
    )
    with opened as sandbox, ThreadPoolExecutor(ZYGOTES) as pool:
        sandbox.posture()  # so that the start of the sandbox for videos is not taken for a file's time

        def one(case: Case) -> tuple[str, Answer | Failure, float]:
            # A file is examined and, in another child, made into what a reveal shows: some take the second way.
            options = {"task": "render" if len(case[1]) % 4 == 0 else "examine", "how": misdeed, "colour": True}
            began = time.monotonic()
            try:
                end: Answer | Failure = sandbox.run(case[1], options)
            except Failure as failure:
                end = failure
            return case[0], end, time.monotonic() - began

        for ended in pool.map(one, cases):
            count.add(*ended)
        count.weigh(sandbox)


def mutations(seed: int, first: int, last: int) -> Iterator[Case]:
    """Yield the numbered cases of a seed."""
    for number in range(first, last):
        form, data = mutating.case(seed, number)
        yield f"{form} {seed}:{number}", data


def damaged(_folder: Path, cases: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Put so many damaged pictures and videos of a seed through the sandbox."""
    count = Count()
    for first in range(0, cases, BATCH):
        run(mutations(seed, first, min(first + BATCH, cases)), count)
    if planted:
        _eat(count)
    return result(count)


def unfolded(_folder: Path, most: int, _seed: int, *, planted: str) -> dict[str, Any]:
    """Put the bombs through it: all of them, or the first so many."""
    count = Count()
    run(islice(bombs.bombs(), most), count)
    if planted:
        _eat(count)
    return result(count)


def _eat(count: Count) -> None:
    """Let a child take more memory than there may be, and be allowed to."""
    too_much = dataclasses.replace(LIMITS, memory=MEMORY + (256 << 20))
    run([("planted", b"x")], count, limits=too_much, misdeed="eat")


def result(count: Count) -> dict[str, Any]:
    """Return the figure of some cases."""
    return {
        "cases": count.cases,
        "restarts": count.restarts,
        "most_mib": count.peak >> 20,
        "most_own_mib": count.own >> 20,
        "most_processor_seconds": count.cpu,
        "most_seconds": count.slowest,
        "forms": dict(count.forms),
        "ends": dict(count.ends),
        "signatures": dict(count.signatures),
        "faults": count.faults,
    }


FORMS = (Cover("forms", "forms", mutating.seeds),)
EATS = "a child may take, and takes, too much memory"
PLAYS = (
    Play(__file__, __doc__, damaged, DAMAGED, SHORT, EATS, name="damaged", databases=ALONE, covers=FORMS),
    Play(__file__, __doc__, unfolded, BOMBS, BOMBS, EATS, name="bombs", databases=ALONE),
)

if __name__ == "__main__":
    main(PLAYS)
