"""The triggers that make the log append-only: whether the database still has them."""

from collections.abc import Iterator

from django.db import connection

TABLES = ("audit_record", "audit_leaf", "audit_checkpoint")
VERBS = {"sqlite": ("update", "delete", "replace"), "postgresql": ("update", "delete", "truncate")}
_QUESTION = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    # 'O' and 'A': enabled. A trigger that is there and switched off guards nothing.
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
}


def missing_guards() -> Iterator[str]:
    """Yield a sentence for every trigger that is gone or switched off."""
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    for table in TABLES:
        for verb in VERBS[connection.vendor]:
            if f"{table}_{verb}" not in there:
                yield (
                    f"The trigger {table}_{verb} is gone or switched off: the database would no longer refuse to "
                    "change the log. Find out who took it away, then migrate audit back to 0004 and forward again."
                )
