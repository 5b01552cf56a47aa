"""The tables: made from nothing, taken back to nothing, equal to the models, and guarded where they hold the log."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from ready import TEMPLATE, copy_sqlite, ready_cluster

from openhotline.audit.models import Leaf, Record
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).with_name("there_and_back.py")
EMPTY = "there_and_back"
GUARDS = {f"audit_{table}_{verb}" for table in ("record", "leaf", "checkpoint") for verb in ("update", "delete")}
# Ways around a trigger on DELETE.
CLOSED = {"sqlite": "replace", "postgresql": "truncate"}


def on_server(statement: str) -> None:
    """Run a statement on the PostgreSQL server, outside of any transaction."""
    with connection.Database.connect(**connection.get_connection_params(), autocommit=True) as apart:
        apart.execute(statement)


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database of the kind this run tests, as an environment; where one lies ready, its first way is made."""
    environment = {"OPENHOTLINE_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "openhotline.config.settings"}
    if connection.vendor == "sqlite":
        copied = copy_sqlite(tmp_path / "ready.sqlite3")
        address = f"sqlite:///{tmp_path}/ready.sqlite3" if copied else "sqlite://:memory:"
        yield os.environ | environment | {"OPENHOTLINE_DATABASE_URL": address}
        return
    address = f"{os.environ['OPENHOTLINE_DATABASE_URL'].rpartition('/')[0]}/{EMPTY}"
    on_server(f"DROP DATABASE IF EXISTS {EMPTY}")
    on_server(f"CREATE DATABASE {EMPTY}" + f" TEMPLATE {TEMPLATE}" * (ready_cluster() is not None))
    yield os.environ | environment | {"OPENHOTLINE_DATABASE_URL": address}
    on_server(f"DROP DATABASE {EMPTY}")


@pytest.mark.slow
def test_every_app_migrates_from_nothing_back_to_nothing_and_forward_again(empty_database: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], env=empty_database, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    tables = json.loads(done.stdout)
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    # The tables of a library that hang on a person go with the person.
    hanging = {"account", "mfa"}
    ours = {
        model._meta.db_table
        for model in models
        if model.__module__.startswith("openhotline.") or model._meta.app_label in hanging
    }
    assert set(tables["first"]) == {model._meta.db_table for model in models}
    assert set(tables["between"]) == set(tables["first"]) - ours
    assert tables["again"] == tables["first"]


def test_no_migration_is_missing() -> None:
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("openhotline.")]
    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=0)


def triggers() -> set[str]:
    """Return the triggers of the log's tables."""
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'audit_%'",
    }
    with connection.cursor() as cursor:
        cursor.execute(question[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_the_log_has_its_guards() -> None:
    extra = {f"audit_{table}_{CLOSED[connection.vendor]}" for table in ("record", "leaf", "checkpoint")}
    assert triggers() == GUARDS | extra


def refused(change: str) -> bool:
    """Say whether the database refuses a statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


@pytest.fixture
def logged(now: datetime) -> None:
    """One record, sealed."""
    record(actor="test", action="something", subject="thing", now=now)
    seal(now=now)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_record SET actor = 'nobody'",
        "DELETE FROM audit_record",
        "DELETE FROM audit_leaf",
        "DELETE FROM audit_checkpoint",
    ],
)
def test_the_database_refuses_to_change_the_log(logged: None, change: str) -> None:
    assert refused(change)
    assert (Record.objects.count(), Leaf.objects.count()) == (1, 1)


def test_without_its_guard_the_log_could_be_changed(logged: None) -> None:
    """Planted bug: one trigger is missing."""
    where = " ON audit_record" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_record_update{where}")
    assert not triggers() >= GUARDS
    assert not refused("UPDATE audit_record SET actor = 'nobody'")
