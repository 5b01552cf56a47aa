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
