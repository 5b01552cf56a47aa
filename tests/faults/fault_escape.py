"""Every way out of the sandbox, tried for real from inside a child, and every lie that a child can tell.

Prints one JSON object: how many were tried, how each ended. Ends with 1 when one got out, a lie was believed, or a
zygote had to be started again.

    python tests/faults/fault_escape.py [--planted]
"""

import argparse
import json
import platform
from collections import Counter

from openhotline.core.sandbox import misdeeds, probes
from openhotline.core.sandbox.parent import Sandbox
from openhotline.core.sandbox.protocol import Failure, Limits

PROBES, MISDEEDS = probes.__name__, misdeeds.__name__
QUICK = Limits(wall=1.0, cpu=1, memory=128 << 20)
HARMLESS = frozenset({"refuse", "throw"})  # what a decoder may do


def how(sandbox: Sandbox, options: dict[str, str]) -> str:
    """Return how one attempt ended: "escaped", "refused" by the kernel, or the failure's reason."""
    try:
        answer = sandbox.run(b"x", dict(options))
    except Failure as failure:
        return failure.reason
    return "refused" if answer.facts.get("escaped") is False else "escaped"


def play(*, planted: bool) -> dict[str, object]:
    """Try everything; ``planted`` takes the child's filter away first."""
    # Without its filter a child may do as it likes to its own process; only the other walls are left.
    warm = {"warm": f"{MISDEEDS}:sabotage", "require": False} if planted else {}
    ends: dict[str, str] = {}
    restarts = 0
    lies = {f"{MISDEEDS}:lie": misdeeds.LIES, f"{MISDEEDS}:misbehave": sorted(set(misdeeds.MISDEEDS) - HARMLESS)}
    for target, names in {f"{PROBES}:attempt": sorted(probes.WAYS), **lies}.items():
        with Sandbox(target, zygotes=1, limits=QUICK, **warm) as sandbox:
            for name in names:
                ends[f"{target.rpartition(':')[2]} {name}"] = how(sandbox, {"way": name, "how": name})
            restarts += sandbox.wear().restarts
    got_out = [name for name, end in ends.items() if end == "escaped"]
    faults = [f"{name} got out, or was believed." for name in got_out]
    faults += [f"A zygote had to be started again, {restarts} times."] if restarts else []
    return {
        "kernel": platform.release(),
        "probes": len(probes.WAYS),
        "lies": sum(map(len, lies.values())),
        "blocked": len(ends) - len(got_out),
        "restarts": restarts,
        "ends": Counter(ends.values()),
        "bound_95": round(3 / len(ends), 4) if not faults else None,
        "faults": faults,
    }


def main() -> None:
    """Play once and print."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--short", action="store_true", help="for every build: all of it, as it is quick")
    asked.add_argument("--planted", action="store_true", help="without the filter around a child")
    told = play(planted=asked.parse_args().planted)
    print(json.dumps(told, indent=2))  # noqa: T201 - the result
    raise SystemExit(1 if told["faults"] else 0)


if __name__ == "__main__":
    main()
