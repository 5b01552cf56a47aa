"""Backups taken while files come in, each restored onto a clean installation: what its database names must open.

Prints one JSON object; ends with 1 when something is missing, the log is not whole, or mail could go out by itself.

    python tests/faults/fault_restore.py [--times BACKUPS] [--database D] [--into FILE] [--short] [--planted]
"""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]
from plays import Play, main  # noqa: E402 - path above

from faults.installation import Installation, NotAsExpectedError, empty_database  # noqa: E402 - path above

BACKUPS, SHORT = 4, 1
FILES = {True: 2_000, False: 1_000}
"""How many files come in during each backup, with more than one and with one."""


def writing(at: Installation, files: int, seed: int) -> subprocess.Popen[bytes]:
    """Let files come in, some at a time, until that many are there."""
    command = [sys.executable, str(HERE / "acting.py"), "trickle", str(files), str(seed)]
    return subprocess.Popen(command, env=at.environment, stdout=subprocess.DEVNULL)


def play(folder: Path, backups: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Back up again and again while files come in; restore each; return what was found."""
    served = Installation(folder / "served", empty_database("served"))
    served.type("migrate")
    served.act("people")
    served.type("key", "allow-backups", folder, "--days", 1, "--by", "operator", ends=3)
    served.act("approve")
    served.act("fill", 100)
    taken = []
    told = {"items": 0, "unreadable": 0, "not_well": 0, "backups": backups, "seconds_restoring": 0.0}
    for number in range(backups):
        writer = writing(served, FILES[backups > 1], seed + number + 1)
        time.sleep(2)
        taken.append(back_up(served, folder, number, planted=bool(planted)))
        writer.wait()
    for number, (backup, keys) in enumerate(taken):
        clean = clean_one(served, folder / f"clean-{number}", empty_database(f"clean_{number}"))
        began = time.monotonic()
        found = restored(clean, backup, keys)
        told["seconds_restoring"] += round(time.monotonic() - began, 1)
        told["unreadable"] += len(clean.act("open")["closed"])
        told["not_well"] += len(found["faults"]) + not_held(clean)
        told["items"] += found["items"]
    most = len(served.act("names"))
    came_in = told["items"] < most * backups
    return told | {"most_served": most, "faults": [] if came_in else ["No file came in while a backup was taken."]}


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


PLAYS = (
    Play(
        *(__file__, __doc__ or "", play, BACKUPS, SHORT, "objects are copied before the database"),
        zero={"unreadable": "items", "not_well": "backups"},
    ),
)

if __name__ == "__main__":
    main(PLAYS)
