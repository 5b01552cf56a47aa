"""The rules for second opinions in force here, and which items a random share takes."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openhotline.assessment.models.second_opinion import SHIPPED, SecondOpinionRule, read_second_opinions
from openhotline.core.crypto import lookup

_DIGITS = 13  # of the hash, in hexadecimal: what a float holds exactly


def second_opinion_rules() -> tuple[SecondOpinionRule, ...]:
    """Return the rules of this installation: the operator's file, or the shipped one. Raises Misconfigured."""
    path = Path(settings.SECOND_OPINIONS) if settings.SECOND_OPINIONS else SHIPPED
    return _read(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[SecondOpinionRule, ...]:
    return read_second_opinions(path)


def drawn(item: str) -> float:
    """Return a number from 0 to below 1 that belongs to an item (outside id): the same each time, known to nobody.

    It is keyed, so that nobody can tell beforehand which items a second person looks at; and taking an opinion back
    draws nothing anew.
    """
    return int(lookup("second opinion", item)[:_DIGITS], 16) / 16.0**_DIGITS
