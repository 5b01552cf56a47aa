"""Guard the new table, and close two ways around the triggers.

PostgreSQL's TRUNCATE is no DELETE; SQLite's REPLACE takes rows away without a DELETE that a trigger would see.
"""

from django.db import migrations

KEYS = {"audit_record": ("id", "uuid"), "audit_leaf": ("position", "record_id"), "audit_checkpoint": ("number", "size")}
GUARDED = [(table, verb) for table in ("audit_leaf", "audit_checkpoint") for verb in ("update", "delete")]
# A table without rows may be emptied: nothing is lost, as a DELETE of no row is none.
FUNCTION = """
CREATE OR REPLACE FUNCTION audit_not_truncated() RETURNS trigger AS $$
DECLARE found boolean;
BEGIN
  EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || quote_ident(TG_TABLE_NAME) || ')' INTO found;
  IF found THEN RAISE EXCEPTION 'the audit log is append-only'; END IF;
  RETURN NULL;
END $$ LANGUAGE plpgsql
"""
REFUSE = "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"


def guard(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    does = "FOR EACH ROW EXECUTE FUNCTION audit_append_only()" if postgres else REFUSE
    if postgres:
        schema_editor.execute(FUNCTION)
    for table, verb in GUARDED:
        schema_editor.execute(f"CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table} {does}")
    for table, (first, second) in KEYS.items():
        if postgres:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_not_truncated()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {first} = NEW.{first} OR {second} = NEW.{second}) {REFUSE}"
            )


def unguard(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    extra = [(table, "truncate" if postgres else "replace") for table in KEYS]
    for table, verb in [*extra, *GUARDED]:
        schema_editor.execute(f"DROP TRIGGER {table}_{verb}" + (f" ON {table}" if postgres else ""))
    if postgres:
        schema_editor.execute("DROP FUNCTION audit_not_truncated()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_epochs")]
    operations = [migrations.RunPython(guard, unguard)]
