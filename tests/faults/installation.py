"""An installation of its own, worked on by the commands an operator types, each in a process of its own."""

import json
import os
import select
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dice import without_dice

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "src"
MOST_SECONDS = 600


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
    typists: "list[Typist]" = field(default_factory=list, compare=False)

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
        return self._typed([*map(str, words)], ends, act=False)

    def act(self, *words: object) -> Any:
        """Have ``acting.py`` do something and return the JSON it prints."""
        return json.loads(self._typed([*map(str, words)], 0, act=True))

    def restart(self) -> None:
        """Load the program anew for the next line, with its settings and keys, as after a machine was off."""
        while self.typists:
            self.typists.pop().stop()

    def _typed(self, words: list[str], ends: int, *, act: bool) -> str:
        if not self.typists:
            self.typists.append(Typist(self.environment))
        code, out, err = self.typists[0].type(words, act=act)
        if code != ends:
            raise NotAsExpectedError(f"{' '.join(words)} ended with {code}, not {ends}: {out[-500:]}{err[-1500:]}")
        return out


class Typist:
    """A process that types on one installation (``typist.py``); it goes when this process does."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, str(HERE / "typist.py")]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def type(self, words: list[str], *, act: bool) -> tuple[int, str, str]:
        """Type a line; return the code with which it ended, and what it said on both ways."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            self.process.stdin.write(json.dumps({"words": words, "act": act, "out": str(out), "err": str(err)}) + "\n")
            heard = select.select([self.process.stdout], [], [], MOST_SECONDS)[0]
            code = self.process.stdout.readline() if heard else ""
            if not code:
                self.process.kill()
                raise NotAsExpectedError(f"{' '.join(words)} did not end, or could not begin.")
            return int(code), out.read_text(), err.read_text()

    def stop(self) -> None:
        """Dictate no more, and wait until the process has left."""
        self.process.communicate()

    def __del__(self) -> None:
        self.process.kill()
        self.stop()
