"""Figures of several runs, added up in one file, with the bound that they give."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

COUNTED = ("kills", "rounds", "cases")


def bound(times: int, faults: list[str]) -> float | None:
    """Return the 95 % bound on the share that would go wrong: 3/N when nothing did in N times (the rule of three)."""
    return None if faults or not times else round(3 / times, 5)


def added_up(into: Path | None, key: str, result: dict[str, Any]) -> dict[str, Any]:
    """Add this run's figures to those in the file (if any), under a key, and return all of them with their bounds."""
    told = json.loads(into.read_text()) if into and into.exists() else {}
    total = merged(told.get(key, {}), result)
    times = next(total[name] for name in COUNTED if name in total)
    total["bound_95"] = bound(times, total["faults"])
    told[key] = total
    if into:
        into.parent.mkdir(parents=True, exist_ok=True)
        into.write_text(json.dumps(told, indent=2) + "\n")
    return told


def merged(before: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return two results as one: numbers and counts added, lists joined, anything else the newer."""
    total = dict(before)
    for name, value in more.items():
        there = total.get(name)
        if isinstance(value, dict):
            total[name] = dict(Counter(there or {}) + Counter(value))
        elif isinstance(value, list):
            total[name] = [*(there or []), *value]
        elif isinstance(value, bool):
            total[name] = value
        else:
            total[name] = (there or 0) + value
    return total
