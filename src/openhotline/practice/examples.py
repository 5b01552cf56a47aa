"""Pages of the practice site that only a visitor's report brings in."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openhotline.practice.bringing_in import last_pages

KEPT_BACK = 3


def example_addresses() -> list[str]:
    """Return addresses of the pages that were kept back from the import; empty when there is no collection yet."""
    folder = Path(settings.VAR) / "practice" / "collection"
    if not (folder / "manifest.jsonl").exists():
        return []
    return [f"http://127.0.0.1:{settings.SITE_PORT}{page}" for page in _kept_back(folder)]


@lru_cache(maxsize=4)
def _kept_back(folder: Path) -> tuple[str, ...]:
    return tuple(last_pages(folder, KEPT_BACK))
