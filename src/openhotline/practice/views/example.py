"""What a newcomer can report: one picture that one opinion decides, and a whole page.

The page that picks the picture reads the truth file, as the scripted analysts do. The pipeline never reads it.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from openhotline.core.crypto import lookup
from openhotline.evidence.models import Item
from openhotline.practice.bringing_in import last_pages

# Glyphs that one opinion decides, the most telling first.
ONE_OPINION = ("cross-N", "octagon-U", "frame-X")


def example_picture() -> str:
    """Return the address of a picture that nobody has brought in yet; empty when there is none on this machine."""
    folder = Path(settings.VAR) / "practice" / "collection"
    if not (folder / "manifest.jsonl").exists():
        return ""
    files = _offered(folder)
    known = set(Item.objects.filter(lookup__in=[key for _, key in files]).values_list("lookup", flat=True))
    fresh = [file for file, key in files if key not in known]
    return f"http://127.0.0.1:{settings.SITE_PORT}/{fresh[0]}" if fresh else ""


def example_page() -> str:
    """Return the address of a page that was kept back from the import; empty when there is none."""
    folder = Path(settings.VAR) / "practice" / "collection"
    if not (folder / "manifest.jsonl").exists():
        return ""
    page = _last_page(folder)
    return f"http://127.0.0.1:{settings.SITE_PORT}{page}" if page else ""


@lru_cache(maxsize=4)
def _last_page(folder: Path) -> str:
    return next(iter(last_pages(folder, 1)), "")


@lru_cache(maxsize=4)
def _offered(folder: Path) -> tuple[tuple[str, str], ...]:
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
