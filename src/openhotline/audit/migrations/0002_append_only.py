"""The database itself refuses to change or delete what is in the log."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER {table}_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$ LANGUAGE plpgsql
"""
POSTGRES = """
CREATE TRIGGER {table}_{verb} BEFORE {VERB} ON {table} FOR EACH ROW EXECUTE FUNCTION audit_append_only()
"""
GUARDED = [
    (table, verb) for table in ("audit_record", "audit_leaf", "audit_checkpoint") for verb in ("update", "delete")
]


def guard(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        schema_editor.execute(FUNCTION)
    for table, verb in GUARDED:
        statement = POSTGRES if postgres else SQLITE
        schema_editor.execute(statement.format(table=table, verb=verb, VERB=verb.upper()))


def unguard(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, verb in GUARDED:
        schema_editor.execute(f"DROP TRIGGER {table}_{verb}" + (f" ON {table}" if postgres else ""))
    if postgres:
        schema_editor.execute("DROP FUNCTION audit_append_only()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
