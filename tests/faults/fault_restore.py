"""Backups taken while files come in, each restored onto a clean installation: what its database names must open.

Prints one JSON object; ends with 1 when something is missing, the log is not whole, or mail could go out by itself.

    python tests/faults/fault_restore.py [--backups N] [--files N] [--short] [--planted] [--postgres]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "scripts")]

from faults.installation import Installation, NotAsExpectedError  # noqa: E402 - the path is made above


@contextmanager
def databases(*, postgres: bool) -> Iterator[Callable[[str], str]]:
    """Yield what gives an address of an empty database by name; empty addresses are SQLite's."""
    if not postgres:
        yield lambda _name: ""
        return
    from temporary_postgres import temporary_postgres

    with temporary_postgres() as server:
        start = server.address.rpartition("/")[0]
        folder = start.split("@/")[1]

        def make(name: str) -> str:
            subprocess.run(["createdb", "-h", folder, "-U", "openhotline", name], check=True)
            return f"{start}/{name}"

        yield make


def writing(at: Installation, files: int, seed: int) -> subprocess.Popen[bytes]:
    """Let files come in, some at a time, until that many are there."""
    command = [sys.executable, str(HERE / "acting.py"), "trickle", str(files), str(seed)]
    return subprocess.Popen(command, env=at.environment, stdout=subprocess.DEVNULL)


def play(folder: Path, make: Callable[[str], str], backups: int, files: int, *, planted: bool) -> dict[str, object]:
    """Back up again and again while files come in; restore each; return what is printed."""
    served = Installation(folder / "served", make("served"))
    served.type("migrate")
    served.act("people")
    served.act("fill", 100)
    taken, seconds, unreadable, faults, sizes = [], [], 0, 0, []
    for number in range(backups):
        writer = writing(served, files, number + 1)
        time.sleep(2)
        taken.append(back_up(served, folder, number, planted=planted))
        writer.wait()
    for number, (backup, keys) in enumerate(taken):
        clean = clean_one(served, folder / f"clean-{number}", make(f"clean_{number}"))
        began = time.monotonic()
        told = restored(clean, backup, keys)
        seconds.append(round(time.monotonic() - began, 1))
        unreadable += len(clean.act("open")["closed"])
        faults += len(told["faults"]) + not_held(clean)
        sizes.append(told["items"])
    return {
        "backups": backups,
        "items_in_each": sizes,
        "items": sum(sizes),
        "items_served": len(served.act("names")),
        "unreadable": unreadable,
        "faults": faults,
        "restore_seconds": seconds,
        "bound_95": f"< {3 / sum(sizes):.3g}" if not unreadable else None,
        "planted": planted,
    }


def back_up(served: Installation, folder: Path, number: int, *, planted: bool) -> tuple[Path, Path]:
    """Take one backup with its key store apart."""
    backup, keys = folder / f"backup-{number}", folder / f"keys-{number}"
    if planted:
        command = [sys.executable, str(HERE / "planted_backup.py"), str(backup), str(keys)]
        subprocess.run(command, env=served.environment, check=True)
    else:
        served.type("backup", backup, "--key-store", keys)
    return backup, keys


def clean_one(served: Installation, folder: Path, database: str) -> Installation:
    """Return an empty installation with the other's keys, as two custodians would recover them."""
    (folder / "keys").mkdir(parents=True)
    for path in (served.var / "keys").iterdir():
        if path.suffix in {".key", ".pub"}:
            shutil.copy(path, folder / "keys")
    return Installation(folder, database)


def restored(clean: Installation, backup: Path, keys: Path) -> dict[str, Any]:
    """Restore, whether or not all is well, and return what was told."""
    words = ("restore", backup, "--key-store", keys, "--nothing-purged-since", "--json")
    try:
        return dict(json.loads(clean.type(*words)))
    except NotAsExpectedError:
        # It ends with 1 when something is missing, and then the rest is there to be looked at.
        return {"faults": ["The restore did not end well."], "items": len(clean.act("names"))}


def not_held(clean: Installation) -> int:
    """Return 0 when notices are held and the log is whole, else how many of the two are not."""
    wrong = 0
    for words, ends in ((("notices", "status"), 1), (("audit", "verify"), 0)):
        try:
            clean.type(*words, ends=ends)
        except NotAsExpectedError:
            wrong += 1
    return wrong


def main() -> int:
    """Read the command line, play, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backups", type=int, default=4)
    parser.add_argument("--files", type=int, default=2000, help="files that come in during each backup")
    parser.add_argument("--short", action="store_true", help="one backup, for every change")
    parser.add_argument("--planted", action="store_true", help="with a bug that must turn it red")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for it")
    asked = parser.parse_args()
    backups, files = (1, 1000) if asked.short else (asked.backups, asked.files)
    os.environ.pop("OPENHOTLINE_DATABASE_URL", None)
    with (
        tempfile.TemporaryDirectory(prefix="openhotline-restore-") as folder,
        databases(postgres=asked.postgres) as make,
    ):
        told = play(Path(folder), make, backups, files, planted=asked.planted)
    print(json.dumps(told, indent=1))  # noqa: T201 - the result
    return 1 if told["unreadable"] or told["faults"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
