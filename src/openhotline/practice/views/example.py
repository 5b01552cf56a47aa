"""What a newcomer can report: one picture that one opinion decides, and a whole page."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openhotline.evidence.models import Item
from openhotline.practice.analysts.offering import offered
from openhotline.practice.bringing_in import last_pages


def example_picture() -> str:
    """Return the address of a picture that nobody has brought in yet; empty when there is none on this machine."""
    folder = Path(settings.VAR) / "practice" / "collection"
    if not (folder / "manifest.jsonl").exists():
        return ""
    files = offered(folder)
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
