"""The rules for second opinions in force here."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openhotline.accounts.states import Role
from openhotline.assessment.models.second_opinion import (
    SHIPPED,
    SecondOpinionRule,
    read_second_opinions,
    read_settlers,
)


def second_opinion_rules() -> tuple[SecondOpinionRule, ...]:
    """Return the rules of this installation: the operator's file, or the shipped one. Raises Misconfigured."""
    return _read(*_file())[0]


def settlers() -> frozenset[Role]:
    """Return the roles that settle disagreements here, and give reviews. Raises Misconfigured."""
    return _read(*_file())[1]


def _file() -> tuple[Path, int]:
    path = Path(settings.SECOND_OPINIONS) if settings.SECOND_OPINIONS else SHIPPED
    return path, path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[tuple[SecondOpinionRule, ...], frozenset[Role]]:
    return read_second_opinions(path), read_settlers(path)
