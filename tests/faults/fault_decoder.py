"""Damaged files and bombs through the real sandbox: it may refuse them, and nothing worse may come of them.

Each case is a picture of our own, taken apart, damaged and put together (`mutating.py`), or a file that would unfold
to something enormous (`bombs.py`). Counted are restarts of the sandbox, the memory and time of the dearest child, and
how children ended. Prints one JSON object; ends with 1 when there is a fault. With --state the counts accumulate in a
file and a later run goes on where the last one stopped.

    python tests/faults/fault_decoder.py [--cases N] [--seed S] [--state FILE] [--seconds T] [--planted]
"""

import argparse
import dataclasses
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from faults import bombs, mutating  # noqa: E402 - found by the path set above
from openhotline.core.sandbox.parent import Sandbox  # noqa: E402 - as above
from openhotline.core.sandbox.protocol import Answer, Failure, Limits  # noqa: E402 - as above

PROGRAM = "openhotline.evidence.examiner.program"
MISDEEDS = "openhotline.core.sandbox.misdeeds"
LIMITS = Limits(facts_bytes=4 << 20)  # as evidence/examiner has them, which needs Django's settings
MEMORY, SECONDS = 512 << 20, 10.0
GRACE = 2.0  # to kill and to answer, on a machine that is busy
ZYGOTES = 2
BATCH = 200
_KIND = re.compile(r"\((\w+)\)")
Case = tuple[str, bytes]


@dataclasses.dataclass
class Count:
    """What came of the cases so far."""

    cases: int = 0
    restarts: int = 0
    peak: int = 0
    shared: int = 0
    cpu: float = 0.0
    slowest: float = 0.0
    ends: Counter[str] = dataclasses.field(default_factory=Counter)
    signatures: Counter[str] = dataclasses.field(default_factory=Counter)
    faults: list[str] = dataclasses.field(default_factory=list)

    def add(self, name: str, end: Answer | Failure, seconds: float) -> None:
        """Take one case in."""
        self.cases += 1
        self.slowest = max(self.slowest, round(seconds, 3))
        self.ends[end.reason if isinstance(end, Failure) else "answered"] += 1
        if signature := signature_of(end):
            self.signatures[f"{name.partition(' ')[0]}: {signature}"] += 1
        if seconds > SECONDS + GRACE:
            self.faults.append(f"{name} took {seconds:.1f} s.")

    def weigh(self, sandbox: Sandbox) -> None:
        """Take in what the cases cost; a zygote that had to be replaced is a fault, and so is a child too large."""
        wear = sandbox.wear()
        self.restarts += wear.restarts
        self.peak, self.shared = max(self.peak, wear.peak), max(self.shared, wear.shared)
        self.cpu = max(self.cpu, round(wear.cpu, 2))
        if wear.restarts:
            self.faults.append(f"A zygote had to be started again, {wear.restarts} times.")
        if wear.peak - wear.shared > MEMORY:
            self.faults.append(f"A child took {wear.peak >> 20} MiB, {wear.shared >> 20} of them shared.")


def signature_of(end: Answer | Failure) -> str:
    """Return how a child ended that neither answered nor refused in words of its own; "" for those."""
    if isinstance(end, Answer) or (end.reason.startswith("refused:") and end.reason != "refused:error"):
        return ""
    if end.signal:
        return f"signal {end.signal}"
    found = _KIND.search(end.sentence)
    return found[1] if found else end.reason


def run(cases: Iterable[Case], count: Count, *, limits: Limits = LIMITS, misdeed: str = "") -> None:
    """Put every case through one sandbox, two at a time; with ``misdeed`` its target does that instead."""
    target, warm = (f"{MISDEEDS}:misbehave", None) if misdeed else (f"{PROGRAM}:open_file", f"{PROGRAM}:warm")
    with (
        Sandbox(target, warm=warm, zygotes=ZYGOTES, limits=limits) as sandbox,
        ThreadPoolExecutor(ZYGOTES) as pool,
    ):

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


def play(asked: argparse.Namespace) -> dict[str, Any]:
    """Run until there are as many cases as asked for, or the time is up; go on from the state file if there is one."""
    state = taken_up(asked.state, asked.seed)
    ends = time.monotonic() + asked.seconds
    if not state["bombs"].cases:
        run(bombs.bombs(), state["bombs"])
    while (first := state["mutations"].cases) < asked.cases and time.monotonic() < ends:
        run(mutations(asked.seed, first, min(first + BATCH, asked.cases)), state["mutations"])
        put_down(asked.state, asked.seed, state)
    if asked.planted:
        too_much = dataclasses.replace(LIMITS, memory=MEMORY + (256 << 20))
        run([("planted", b"x")], state["mutations"], limits=too_much, misdeed="eat")
    return result(asked.seed, state)


def taken_up(path: Path | None, seed: int) -> dict[str, Count]:
    """Return the counts that a file holds for this seed, or new ones."""
    if path is None or not path.exists():
        return {"mutations": Count(), "bombs": Count()}
    held = json.loads(path.read_text())
    if held.pop("seed") != seed:
        raise SystemExit(f"{path} belongs to another seed; name another file, or remove it to begin anew.")
    return {
        name: Count(**(one | {"ends": Counter(one["ends"]), "signatures": Counter(one["signatures"])}))
        for name, one in held.items()
    }


def put_down(path: Path | None, seed: int, state: dict[str, Count]) -> None:
    """Write the counts so that a broken-off run loses nothing but its batch."""
    if path is not None:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"seed": seed} | {name: vars(one) for name, one in state.items()}))
        fresh.replace(path)


def result(seed: int, state: dict[str, Count]) -> dict[str, Any]:
    """Return the figures; the bound is the rule of three."""
    told: dict[str, Any] = {"seed": seed, "limits": dataclasses.asdict(LIMITS)}
    for name, count in state.items():
        told[name] = vars(count) | {
            "peak_mib": count.peak >> 20,
            "own_peak_mib": (count.peak - count.shared) >> 20,
            "distinct_signatures": len(count.signatures),
            "bound_95": round(3 / count.cases, 6) if count.cases and not count.faults else None,
        }
    return told | {"faults": [fault for count in state.values() for fault in count.faults]}


def main() -> None:
    """Play once and print."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--cases", type=int, default=1_000, help="damaged pictures in all; a release runs 20,000")
    asked.add_argument("--seed", type=int, default=4)
    asked.add_argument("--state", type=Path, help="a file in which the counts accumulate")
    asked.add_argument("--seconds", type=float, default=float("inf"), help="stop after these, to go on another time")
    asked.add_argument("--short", action="store_true", help="the form for every build, which is the default")
    asked.add_argument("--planted", action="store_true", help="with a child that may take, and takes, too much memory")
    told = play(asked.parse_args())
    print(json.dumps(told, indent=2))  # noqa: T201 - the result
    raise SystemExit(1 if told["faults"] else 0)


if __name__ == "__main__":
    main()
