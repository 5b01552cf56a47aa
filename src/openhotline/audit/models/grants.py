"""The rights of the role that the service runs under: on the log it may read and append, and nothing else."""

import re

from openhotline.audit.errors import NoteRefused
from openhotline.audit.models.guards import TABLES

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def grants(role: str) -> list[str]:
    """Return the statements, for the owner of the tables to run on PostgreSQL after every migration.

    The owner is another role: an owner can take every guard away. Raises NoteRefused for what is no plain role name.
    """
    if not _ROLE.fullmatch(role):
        raise NoteRefused(f"{role!r} is no plain name of a role: use small letters, digits and underscores.")
    return [
        f"GRANT USAGE ON SCHEMA public TO {role};",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};",
        *(f"REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {table} FROM {role}, PUBLIC;" for table in TABLES),
    ]
