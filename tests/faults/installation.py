"""An installation of its own, worked on by the commands an operator types, each in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dice import without_dice

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "src"
CLI = ("-m", "openhotline.config.cli")


def empty_database(name: str) -> str:
    """Return the address of a new database beside the present one; empty is SQLite's, in the data folder."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return ""
    folder = connection.settings_dict["HOST"]
    subprocess.run(["createdb", "-h", folder, "-U", "openhotline", name], check=True)
    return f"postgres://openhotline@/{folder}/{name}"


class NotAsExpectedError(Exception):
    """A command ended otherwise than it should have; the text has its words."""


@dataclass(frozen=True)
class Installation:
    """A data folder, and its database (empty: SQLite in the folder)."""

    var: Path
    database: str = ""
    further: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its commands."""
        free = {name: value for name, value in os.environ.items() if not name.startswith("OPENHOTLINE_")}
        there = {"OPENHOTLINE_DATABASE_URL": self.database} if self.database else {}
        return {
            **free,
            **there,
            "OPENHOTLINE_VAR": str(self.var),
            "OPENHOTLINE_MODE": "practice",
            **without_dice(self.var.parent),
            "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
            "PYTHONPATH": f"{SOURCES}{os.pathsep}{HERE.parent}",
            **self.further,
        }

    def type(self, *words: object, ends: int = 0) -> str:
        """Type ``openhotline …`` and return what it printed. Raises NotAsExpectedError unless it ends as it should."""
        return self._run([*CLI, *map(str, words)], ends)

    def act(self, *words: object) -> Any:
        """Run ``acting.py`` and return the JSON it prints."""
        return json.loads(self._run([str(HERE / "acting.py"), *map(str, words)], 0))

    def _run(self, command: list[str], ends: int) -> str:
        done = subprocess.run(
            [sys.executable, *command], env=self.environment, capture_output=True, text=True, check=False, timeout=600
        )
        if done.returncode != ends:
            said = done.stdout[-500:] + done.stderr[-1500:]
            raise NotAsExpectedError(f"{' '.join(command)} ended with {done.returncode}, not {ends}: {said}")
        return done.stdout
