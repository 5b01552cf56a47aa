"""Figures of several runs, added up in one file, with the bound that they give."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

COUNTED = ("kills", "rounds", "cases")
"""What the number of cases is called where a figure does not say of what its counts are."""
MOST = "most_"
"""Begins the name of a number of which the largest is kept, not the sum."""


def bound(times: int, faults: object) -> float | None:
    """Return the 95 % bound on the share that would go wrong: 3/N when nothing did in N times (the rule of three)."""
    return None if faults or not times else round(min(1.0, 3 / times), 8)


def counted_in(result: Mapping[str, Any], zero: Mapping[str, str] | None = None) -> int:
    """Return the number of cases of a result, 0 of an empty one."""
    names = [next(iter(zero.values()))] if zero else COUNTED
    return next((int(result[name]) for name in names if name in result), 0)


def held(into: Path | None, key: str) -> dict[str, Any]:
    """Return what the file holds under a key, if there is such a file."""
    told = json.loads(into.read_text()) if into and into.exists() else {}
    return dict(told.get(key, {}))


def added_up(
    into: Path | None, key: str, result: dict[str, Any], zero: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Add this run's figures to those in the file (if any), under a key, and return all of them with their bounds.

    ``zero`` names counts that must be 0, with the count each is of: each then has a bound of its own. A run that is
    broken off while it writes leaves the file as it was.
    """
    told = json.loads(into.read_text()) if into and into.exists() else {}
    total = merged(held(into, key), result)
    total["N"] = counted_in(total, zero)
    total["bound_95"] = bound(total["N"], total["faults"])
    if zero:
        total["bounds"] = {name: bound(total[of], total[name]) for name, of in zero.items()}
    told[key] = total
    if into:
        into.parent.mkdir(parents=True, exist_ok=True)
        fresh = into.with_suffix(".new")
        fresh.write_text(json.dumps(told, indent=2) + "\n")
        fresh.replace(into)
    return dict(told)


def merged(before: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return two results as one: numbers and counts added, lists joined, the most of ``most_…``, else the newer."""
    total = {name: value for name, value in before.items() if name not in {"N", "bound_95", "bounds"}}
    for name, value in more.items():
        there = total.get(name)
        if isinstance(value, dict):
            total[name] = {one: (there or {}).get(one, 0) + value.get(one, 0) for one in {**(there or {}), **value}}
        elif isinstance(value, list):
            total[name] = [*(there or []), *value]
        elif isinstance(value, bool | str) or value is None:
            total[name] = value
        elif name.startswith(MOST):
            total[name] = max(there or 0, value)
        else:
            total[name] = (there or 0) + value
    return total
