"""The role of a door in PostgreSQL, made by the owner of the tables, and taking its place."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from openhotline.config.database_rights import statements


def role_of(door: str) -> str:
    """Return the name of a door's role in tests."""
    return f"openhotline_{door}_door"


def with_role(door: str) -> Iterator[None]:
    """Have a role with the rights of a door; afterwards be the owner again. Skips where there are no roles."""
    if connection.vendor != "postgresql":
        pytest.skip("roles are PostgreSQL's")
    as_owner(f"CREATE ROLE {role_of(door)}", *statements(role_of(door), door))
    yield
    as_owner()


def as_owner(*sql: str) -> None:
    """Be the owner of the tables, and run this."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for statement in sql:
            cursor.execute(statement)


def as_role(door: str) -> None:
    """Be the role of a door, until `as_owner`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role_of(door)}")


def refused(statement: str) -> bool:
    """Say whether PostgreSQL refuses this to whoever is connected now."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


def refused_to_read(secret: str) -> bool:
    """Say whether a column, as ``table.column``, cannot be read."""
    table, column = secret.split(".")
    return refused(f"SELECT {column} FROM {table}")
