"""A pytest plugin: the suite's SQLite database begins with a copy of the one that lies ready, if one does.

Django migrates it afterwards as ever, and finds everything done.
"""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from django.db.backends.signals import connection_created
from ready import ready_sqlite


def _fill(connection: Any, **_: Any) -> None:
    """Copy every table into a database that has none."""
    ready = ready_sqlite()
    if ready is None or connection.vendor != "sqlite":
        return
    raw = connection.connection
    if raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        with closing(sqlite3.connect(ready)) as source:
            source.backup(raw)


@pytest.fixture(scope="session")
def filling() -> None:
    """Be there when the database is connected to for the first time."""
    connection_created.connect(_fill)


@pytest.fixture(scope="session")
def django_db_setup(filling: None, django_db_setup: None) -> None:
    """Make the database as pytest-django does, and fill no other one afterwards."""
    connection_created.disconnect(_fill)
