"""The role that the service runs under may append to the log and nothing else."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from openhotline.audit.errors import NoteRefused
from openhotline.audit.models import Checkpoint
from openhotline.audit.models.grants import grants
from openhotline.audit.models.guards import TABLES
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal

pytestmark = pytest.mark.django_db

ROLE = "openhotline_service"


@pytest.fixture
def service(db: None, now: datetime) -> Iterator[None]:
    """Work under the role of the service, made as its owner makes it; the log has one sealed record."""
    if connection.vendor != "postgresql":
        pytest.skip("roles are PostgreSQL's")
    record(actor="per_a", action="seen", subject="itm_1", now=now)
    seal(now=now)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        for statement in grants(ROLE):
            cursor.execute(statement)
        cursor.execute(f"SET ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_the_service_records_and_seals(service: None, now: datetime) -> None:
    record(actor="per_a", action="seen", subject="itm_2", now=now)
    seal(now=now)
    assert Checkpoint.objects.count() == 2


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET {column} = 9",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER USER",
        "DROP TABLE {}",
        "SELECT * FROM {} FOR UPDATE",
    ],
)
def test_the_service_may_do_nothing_else_to_the_log(service: None, table: str, statement: str) -> None:
    """Not even take the triggers away, which the owner could."""
    column = {"audit_record": "count", "audit_leaf": "record_id", "audit_checkpoint": "start"}[table]
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column=column))


def test_planted_without_the_revocation_only_the_triggers_would_stand(service: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"GRANT UPDATE ON audit_record TO {ROLE}")
        cursor.execute(f"SET ROLE {ROLE}")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_record SET count = 9")


@pytest.mark.parametrize("name", ["", "Role", "a b", "x; DROP TABLE audit_record", "a'b"])
def test_what_is_no_plain_name_is_refused(name: str) -> None:
    with pytest.raises(NoteRefused, match="no plain name"):
        grants(name)
