"""What a figure must have come to by name, however many cases it has: moments, operations, routes, counts."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
UNKNOWN = "of unknown day"
COMMITS = ("before a commit", "after a commit")
ORDER_OF_WRITING = ("data keys are made", "an object is written", "before objects are flushed", "objects are flushed")


@dataclass(frozen=True)
class Cover:
    """The names that the code has now, and the ``field`` of a result that counts by name which were come to.

    With "" as field they are counts of the result itself, of which none may be 0. ``unit`` is what they are called.
    """

    unit: str
    field: str
    names: Callable[[], Iterable[str]]

    def missing(self, result: Mapping[str, Any]) -> Iterator[str]:
        """Yield a sentence with the names that the result never came to, if there are any."""
        seen, names = result.get(self.field, {}) if self.field else result, {*self.names()}
        if never := sorted(name for name in names if not seen.get(name)):
            yield f"of {len(names)} {self.unit} it never came to {len(never)}: {', '.join(never)}."


def counts(*names: str) -> Cover:
    """Return the cover of a result that must have these counts, none of them 0."""
    return Cover("counts", "", lambda: names)


def moments(*names: str) -> Cover:
    """Return the cover of kills that must have fallen at these moments of ``failing``."""
    return Cover("moments", "died_at", lambda: names)


def code() -> str:
    """Return the day and the commit of the code that is measured, as far as that can be told."""
    newest = ["git", "log", "-1", "--format=%cs %h", "--", "src"]
    changed = ["git", "status", "--porcelain", "--", "src"]
    try:
        told = [subprocess.run(one, cwd=ROOT, capture_output=True, text=True, check=False) for one in (newest, changed)]
    except FileNotFoundError:
        return UNKNOWN
    return (told[0].stdout.strip() or UNKNOWN) + " with changes" * bool(told[1].stdout.strip())


def told_by_the_code(ask: Callable[[], Iterable[str]]) -> list[str]:
    """Return what the code tells once Django is set up; where it is not yet, on a data folder of a moment."""
    import django
    from django.apps import apps

    if apps.ready:
        return [*ask()]
    there = {"OPENHOTLINE_MODE": "practice", "OPENHOTLINE_DOOR": "all"}
    with tempfile.TemporaryDirectory(prefix="openhotline-told-") as folder:
        settings = {"OPENHOTLINE_VAR": folder, "DJANGO_SETTINGS_MODULE": "openhotline.config.settings"}
        with patch.dict(os.environ, there | settings):
            django.setup()
            return [*ask()]
