"""Databases that lie ready with every table in them, where a run of the tests has made some (`ready_databases.py`)."""

import os
import shutil
import subprocess
from pathlib import Path

VARIABLE = "OPENHOTLINE_READY"
"""Names their folder to every process of the run; without it everybody migrates."""
SQLITE, CLUSTER = "ready.sqlite3", "cluster"
TEMPLATE = "ready"
"""The database in PostgreSQL's folder from which others are made; nothing ever connects to it."""
DISK, MEMORY = "/tmp", "/dev/shm"  # noqa: S108 - folders of their own are made there
ROOM = 6 << 30
"""Bytes of memory that must be free for a run of the tests to lie there."""


def roomiest() -> str:
    """Return where a run of the tests may put its databases and files: in memory where there is room, else on the disk.

    Nothing of a run outlives it, and what kill -9 leaves is the same in both: flushing to a disk would only take time.
    """
    if not os.access(MEMORY, os.W_OK | os.X_OK):
        return DISK
    memory = next((int(line.split()[1]) for line in _memory() if line.startswith("MemAvailable:")), 0) * 1024
    # Inside a container the folder may be far smaller than the memory.
    return MEMORY if min(memory, shutil.disk_usage(MEMORY).free) > ROOM else DISK


def _memory() -> list[str]:
    told = Path("/proc/meminfo")
    return told.read_text().splitlines() if told.exists() else []


def place() -> str:
    """Return where this run of the tests lies; the disk where none is going on, as for figures and `make faults`."""
    return MEMORY if os.environ.get(VARIABLE, "").startswith(f"{MEMORY}/") else DISK


def ready_sqlite() -> Path | None:
    """Return the SQLite file that lies ready, if there is one."""
    return _there(SQLITE)


def ready_cluster() -> Path | None:
    """Return PostgreSQL's folder that lies ready, if there is one; its database `postgres` has every table too."""
    return _there(CLUSTER)


def _there(name: str) -> Path | None:
    folder = os.environ.get(VARIABLE)
    return Path(folder) / name if folder and (Path(folder) / name).exists() else None


def copy_cluster(folder: Path) -> bool:
    """Put a copy of PostgreSQL's folder into this one, as whoever owns it; say whether there was one to copy."""
    ready = ready_cluster()
    if ready is None:
        return False
    subprocess.run(["cp", "-a", str(ready), str(folder / CLUSTER)], check=True)
    return True


def copy_sqlite(target: Path) -> bool:
    """Put a copy of the SQLite file there; say whether there was one to copy."""
    ready = ready_sqlite()
    if ready is None:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ready, target)
    return True
