"""Work that only one transaction may do at a moment, in all processes together."""

import hashlib

from django.db import connection


def one_at_a_time(work: str) -> None:
    """Wait until no other transaction does the work of this name, and hold it until this transaction ends.

    Needs a transaction. A lock on a row would need the right to update it, which the role of production does not have
    on the log, and would be another row for whoever comes after one was added.
    """
    # SQLite takes its one write lock at BEGIN.
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(work.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
