"""The rules for second opinions in force here."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openhotline.assessment.models.second_opinion import SHIPPED, SecondOpinionRule, read_second_opinions


def second_opinion_rules() -> tuple[SecondOpinionRule, ...]:
    """Return the rules of this installation: the operator's file, or the shipped one. Raises Misconfigured."""
    path = Path(settings.SECOND_OPINIONS) if settings.SECOND_OPINIONS else SHIPPED
    return _read(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[SecondOpinionRule, ...]:
    return read_second_opinions(path)
