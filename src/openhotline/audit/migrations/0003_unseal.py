"""The log is sealed anew, in epochs: take away the tree of the old form.

Leaves and checkpoints follow from the records, and the checkpoints of the old form were never kept in a second place.
Records stay as they are; the next sealing makes the tree again. Going back works the same way.
"""

from django.db import migrations

TABLES = ("audit_leaf", "audit_checkpoint")


def unseal(apps, schema_editor):
    _unguard(schema_editor)
    for table in TABLES:
        schema_editor.execute(f"DELETE FROM {table}")


def unseal_and_guard(apps, schema_editor):
    for table in TABLES:
        schema_editor.execute(f"DELETE FROM {table}")
    postgres = schema_editor.connection.vendor == "postgresql"
    does = (
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
        if postgres
        else "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    )
    for table in TABLES:
        for verb in ("update", "delete"):
            schema_editor.execute(f"CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table} {does}")


def _unguard(schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_{verb}" + (f" ON {table}" if postgres else ""))


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(unseal, unseal_and_guard)]
