"""Run a script of faults on SQLite and on a PostgreSQL of its own, each in a process of its own."""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "faults"), str(ROOT / "tests"), str(ROOT / "scripts")]

from results import added_up  # noqa: E402 - path above

DATABASES = ("sqlite", "postgres")


def environment(folder: Path, address: str = "") -> int:
    """Give this process and its children a data folder, a database and free ports; return the port of the site."""
    from openhotline.practice.site.ports import free_ports

    port, web, mail, rdap = free_ports(4)
    os.environ.update(
        OPENHOTLINE_VAR=str(folder),
        OPENHOTLINE_MODE="practice",
        OPENHOTLINE_DOOR="all",
        OPENHOTLINE_SITE_PORT=str(web),
        OPENHOTLINE_MAIL_PORT=str(mail),
        OPENHOTLINE_RDAP_PORT=str(rdap),
        # Decisions are published, listed and noticed while there is still something to kill.
        OPENHOTLINE_UNDO_SECONDS="2",
        OPENHOTLINE_FAIL_LOG=str(folder / "named-deaths.log"),
        DJANGO_SETTINGS_MODULE="openhotline.config.settings",
    )
    if address:
        os.environ["OPENHOTLINE_DATABASE_URL"] = address
    return port


def set_up(folder: Path, address: str) -> int:
    """Make an empty practice installation for this process and its children; return a free port for its site.

    It stands on the server of that address, or on SQLite.
    """
    port = environment(folder, address)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return port


def make_site(folder: Path, pages: int, pictures: int) -> list[str]:
    """Write pages with so many generated pictures each; return the pages."""
    from journeys.road import picture, write_site

    made = {
        f"/boards/one/threads/{page}.html": {
            f"files/{page}-{place}.png": picture(page * pictures + place) for place in range(pictures)
        }
        for page in range(pages)
    }
    write_site(folder, made)
    return list(made)


@dataclass(frozen=True)
class Play:
    """A script of faults: what it plays, so often by default and so often in every build, and its planted bug."""

    script: str
    doc: str
    play: Callable[..., dict[str, Any]]
    times: int
    short: int
    planted: str

    def main(self) -> None:
        """Play on each database, print one JSON object, and end with 1 when there is a fault."""
        chosen = self._asked()
        times = self.short if chosen.short else chosen.times
        if chosen.inside:
            folder, address = chosen.inside
            set_up(Path(folder), address)
            print(json.dumps(self.play(Path(folder), times, chosen.seed, planted=chosen.planted)))  # noqa: T201
            return
        told: dict[str, Any] = {}
        wrong = False
        for database in chosen.database or DATABASES:
            began = time.monotonic()
            result = self._on(database, f"--times={times}", f"--seed={chosen.seed}", *["--planted"] * chosen.planted)
            result |= {"seeds": [chosen.seed], "seconds": round(time.monotonic() - began)}
            told[database] = added_up(chosen.into, database, result)[database]
            wrong |= bool(result["faults"])
        print(json.dumps(told | {"planted": chosen.planted}, indent=2))  # noqa: T201 - the result
        raise SystemExit(wrong)

    def _asked(self) -> argparse.Namespace:
        asked = argparse.ArgumentParser(description=self.doc.partition("\n")[0])
        asked.add_argument("--times", type=int, default=self.times, help="how often (kills, rounds)")
        asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
        asked.add_argument("--database", choices=DATABASES, action="append", help="default: both")
        asked.add_argument("--into", type=Path, help="a JSON file in which the figures of runs add up")
        asked.add_argument("--short", action="store_true", help=f"{self.short} times, for every build")
        asked.add_argument("--planted", action="store_true", help=f"with a planted bug: {self.planted}")
        asked.add_argument("--inside", nargs=2, metavar=("FOLDER", "ADDRESS"), help=argparse.SUPPRESS)
        return asked.parse_args()

    def _on(self, database: str, *arguments: str) -> dict[str, Any]:
        """Call the script again, as Django is set up once a process, and return what it prints."""
        from temporary_postgres import temporary_postgres

        with tempfile.TemporaryDirectory(prefix="openhotline-faults-") as folder, ExitStack() as stack:
            address = stack.enter_context(temporary_postgres()).address if database == "postgres" else ""
            command = [sys.executable, self.script, "--inside", folder, address, *arguments]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=False, cwd=ROOT)
        if done.returncode:
            raise SystemExit(f"{Path(self.script).name} ended with {done.returncode} on {database}; why stands above.")
        result: dict[str, Any] = json.loads(done.stdout)
        return result
