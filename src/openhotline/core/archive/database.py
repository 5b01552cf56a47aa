"""The database as one file, taken while others write, and brought back into an empty one.

SQLite: its backup API. PostgreSQL: `pg_dump` and `pg_restore` in the custom format; both are Debian's
`postgresql-client`, of the server's version or newer.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from openhotline.core.archive.errors import ArchiveRefused

LEFT_OUT = ("core_tally", "core_daysalt", "django_session")
"""Tables whose rows no backup holds: with a copy of the day's salt it could be worked out later who was counted, and
a restore ends every session anyhow."""

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def file_name() -> str:
    """Return what the file of this kind of database is called."""
    return FILES[connection.vendor]


def dump(path: Path) -> None:
    """Write the database as it stands at one moment, but for the rows of ``LEFT_OUT``. Raises ArchiveRefused."""
    if connection.vendor == "sqlite":
        # A connection of its own: one that is inside a transaction would wait for itself.
        with closing(sqlite3.connect(_name())) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
            _empty(copy)
            # One file, without a write-ahead file beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    else:
        left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", *left_out, f"--file={path}", _name())
    path.chmod(0o600)


def _empty(copy: sqlite3.Connection) -> None:
    """Overwrite the rows that no backup holds; the tables stay."""
    copy.execute("PRAGMA secure_delete=ON")
    there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in LEFT_OUT:
        if table in there:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
    copy.commit()


def load(path: Path) -> None:
    """Fill the empty database from a dump. Raises ArchiveRefused."""
    if tables():
        raise ArchiveRefused(
            "The database has tables already. Restore into an empty one: a new SQLite file, or `createdb`."
        )
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(path)) as source:
            _check(source)
            source.backup(_raw())
    else:
        kept = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        connection.close()
        _run("pg_restore", *kept, f"--dbname={_name()}", str(path))
    # What this connection knew of the empty database no longer holds.
    connection.close()


def tables() -> list[str]:
    """Return the tables that are there."""
    return connection.introspection.table_names()


def applied() -> list[str]:
    """Return the migrations that the database has seen, as ``app.name``."""
    return sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())


def unknown_migrations(applied_there: list[str]) -> list[str]:
    """Return those of a backup's migrations that this version does not have: then it is older than the backup."""
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations or ()}
    return sorted(set(applied_there) - known)


def _check(source: sqlite3.Connection) -> None:
    (verdict,) = source.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise ArchiveRefused(f"The database in the backup is damaged: {str(verdict)[:200]}. Use an earlier backup.")


def _raw() -> Any:
    # The driver's own connection: Django's wrapper has no backup.
    return connection.connection


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the address goes by its environment, so that no list of processes shows it."""
    path = shutil.which(program)
    if path is None:
        raise ArchiveRefused(f"{program} is not installed. As root: apt-get install postgresql-client")
    there = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    told = {name: str(value) for name, key in there.items() if (value := connection.settings_dict.get(key))}
    done = subprocess.run(  # noqa: S603 - Debian's program, with arguments of ours
        [path, *arguments], env={**os.environ, **told}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ArchiveRefused(f"{program} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
