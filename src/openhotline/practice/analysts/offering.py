"""Which pictures a newcomer is offered to report: the scripted analysts know which one opinion decides.

The truth file is read here, as by the other scripted analysts, and nowhere on the way of a report.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from openhotline.core.crypto import lookup

# Glyphs that one opinion decides, the most telling first.
ONE_OPINION = ("cross-N", "octagon-U", "frame-X")


@lru_cache(maxsize=4)
def offered(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return (file, keyed hash) of pictures without duplicates that one opinion decides, the best to offer first."""
    truth = list(_lines(folder / "truth.jsonl"))
    copied = {row["original"] for row in truth if row["relation"] != "original"}
    rank = {row["number"]: _rank(row) for row in truth if row["number"] not in copied}
    rows = [row for row in _lines(folder / "manifest.jsonl") if rank.get(row["number"]) is not None]
    rows.sort(key=lambda row: (rank[row["number"]], -row["number"]))
    return tuple((row["file"], lookup("file", row["sha256"])) for row in rows)


def _rank(row: dict[str, Any]) -> int | None:
    """Return 0 for the pictures to offer first, None for those not to offer."""
    listed = row["in_known_list"] or row["in_known_harmless_list"] or row["set_aside_reason"] == "too_small"
    if row["glyph"] not in ONE_OPINION or row["relation"] != "original" or listed:
        return None
    return ONE_OPINION.index(row["glyph"])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)
