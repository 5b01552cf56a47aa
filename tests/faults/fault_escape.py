"""Every way out of the sandbox, tried for real from inside a child, and every lie that a child can tell.

Prints one JSON object: how many were tried, how each ended. Ends with 1 when one got out, a lie was believed, or a
zygote had to be started again.

    python tests/faults/fault_escape.py [--times ROUNDS] [--into FILE] [--short] [--planted]
"""

import platform
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import Cover  # noqa: E402 - path above
from plays import ALONE, Play, main  # noqa: E402 - path above

from openhotline.core.sandbox import misdeeds, probes  # noqa: E402 - as above
from openhotline.core.sandbox.parent import Sandbox  # noqa: E402 - as above
from openhotline.core.sandbox.protocol import Failure, Limits  # noqa: E402 - as above

PROBES, MISDEEDS = probes.__name__, misdeeds.__name__
QUICK = Limits(wall=1.0, cpu=1, memory=128 << 20)
HARMLESS = frozenset({"refuse", "throw", "copy"})  # what a decoder may do; what it copies counts as its own

TRIED: dict[str, Iterable[str]] = {
    f"{PROBES}:attempt": sorted(probes.WAYS),
    f"{MISDEEDS}:lie": misdeeds.LIES,
    f"{MISDEEDS}:misbehave": sorted(set(misdeeds.MISDEEDS) - HARMLESS),
}
"""By target in the child: every way out, every lie, every misdeed that is one."""


def how(sandbox: Sandbox, options: dict[str, str]) -> str:
    """Return how one attempt ended: "escaped", "refused" by the kernel, or the failure's reason."""
    try:
        answer = sandbox.run(b"x", dict(options))
    except Failure as failure:
        return failure.reason
    return "refused" if answer.facts.get("escaped") is False else "escaped"


def play(_folder: Path, rounds: int, _seed: int, *, planted: str) -> dict[str, Any]:
    """Try everything, so many times; ``planted`` takes the child's filter away first."""
    # Without its filter a child may do as it likes to its own process; only the other walls are left.
    warm = {"warm": f"{MISDEEDS}:sabotage", "require": False} if planted else {}
    ends: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    faults: list[str] = []
    restarts = 0
    for target, names in TRIED.items():
        with Sandbox(target, zygotes=1, limits=QUICK, **warm) as sandbox:
            for name in [*names] * rounds:
                end = how(sandbox, {"way": name, "how": name})
                ends[end] += 1
                tried[f"{target.rpartition(':')[2]} {name}"] += 1
                faults += [f"{target.rpartition(':')[2]} {name} got out, or was believed."] * (end == "escaped")
            restarts += sandbox.wear().restarts
    faults += [f"A zygote had to be started again, {restarts} times."] if restarts else []
    return {
        "cases": ends.total(),
        "kernel": platform.release(),
        "most_probes": len(probes.WAYS),
        "most_lies": len(misdeeds.LIES) + len(TRIED[f"{MISDEEDS}:misbehave"]),
        "tried": dict(tried),
        "blocked": ends.total() - ends["escaped"],
        "restarts": restarts,
        "ends": dict(ends),
        "faults": faults,
    }


def ways() -> list[str]:
    """Return every way that there is, as it is counted."""
    return [f"{target.rpartition(':')[2]} {name}" for target, names in TRIED.items() for name in names]


BUG, COVERS = "without the filter around a child", (Cover("ways", "tried", ways),)
PLAYS = (Play(__file__, __doc__, play, 1, 1, BUG, databases=ALONE, covers=COVERS),)

if __name__ == "__main__":
    main(PLAYS)
