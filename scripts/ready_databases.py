"""Databases with every table in them, made once for a whole run of the tests: SQLite's file and PostgreSQL's folder.

Migrating takes a new installation seconds, and each process of the suite and each script of faults began with one.
While `ready_made` lasts they begin with a copy instead (`ready.py`). What is copied was migrated by this very source a
moment before: nothing is kept from run to run.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ready import CLUSTER, SQLITE, TEMPLATE, VARIABLE, roomiest
from temporary_postgres import ROLE, PostgresUnavailableError, Server, temporary_postgres

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def ready_made() -> Iterator[None]:
    """Have databases ready while the block lasts, for this process and all that it starts.

    Where PostgreSQL is not installed there is SQLite's alone: whoever needs the other says so.
    """
    with tempfile.TemporaryDirectory(prefix="openhotline-ready-", dir=roomiest()) as folder:
        # PostgreSQL's own account copies from it.
        Path(folder).chmod(0o755)
        make_ready(Path(folder))
        os.environ[VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[VARIABLE]


def make_ready(folder: Path, *, postgres: bool = True) -> None:
    """Fill a folder with an SQLite file and a stopped PostgreSQL, every table in both, and no row of ours."""
    sqlite = _migrating(f"sqlite:///{folder}/{SQLITE}", folder / "one")
    if postgres:
        _make_cluster(folder)
    _ended(sqlite)


def _make_cluster(folder: Path) -> None:
    with contextlib.suppress(PostgresUnavailableError), temporary_postgres() as server:
        _ended(_migrating(server.address, folder / "two"))
        _tell(server, f"CREATE DATABASE {TEMPLATE} TEMPLATE postgres")
        server.stop()
        subprocess.run(["cp", "-a", str(server.folder / CLUSTER), str(folder / CLUSTER)], check=True)


def _migrating(address: str, var: Path) -> subprocess.Popen[bytes]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OPENHOTLINE_")},
        "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
        "OPENHOTLINE_MODE": "practice",
        "OPENHOTLINE_VAR": str(var),
        "OPENHOTLINE_DATABASE_URL": address,
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _ended(migrating: subprocess.Popen[bytes]) -> None:
    if code := migrating.wait():
        raise SystemExit(f"The tables could not be made: migrate ended with {code}; why stands above.")


def _tell(server: Server, statement: str) -> None:
    command = [str(server.binaries / "psql"), "-h", str(server.folder), "-U", ROLE, "-d", "template1", "-qc", statement]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    # For scripts/check, which needs no other: SQLite's alone.
    make_ready(Path(sys.argv[1]), postgres=False)
