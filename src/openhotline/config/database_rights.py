"""The rights of a door in PostgreSQL: the statements that give them, and how what a role may differs from them.

PostgreSQL holds it: the door connects as a role of its own that owns nothing and has the rights in ``door_rights.py``
alone.
"""

import re
from collections.abc import Iterator, Mapping

from django.db import connection

from openhotline.audit.models.guards import TABLES
from openhotline.config.door_rights import ALL, DOOR_RIGHTS, NOTHING, Rights
from openhotline.core.errors import Refusal

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def statements(role: str, door: str) -> list[str]:
    """Return the SQL that gives a role the rights of a door and no other; the owner runs it after every migration.

    Raises Refusal for what is no plain name of a role: it stands in the statements as it is.
    """
    if not _ROLE.fullmatch(role):
        raise Refusal(f"{role!r} is no plain name of a role: use small letters, digits and underscores.")
    said = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role};",
        f"GRANT USAGE ON SCHEMA public TO {role};",
    ]
    for table, right in sorted(DOOR_RIGHTS[door].items()):
        verbs = [_verb("SELECT", right.read), "INSERT" if right.add else "", _verb("UPDATE", right.change)]
        said.append(f"GRANT {', '.join(filter(None, verbs))} ON {table} TO {role};")
    return said


def _verb(verb: str, columns: tuple[str, ...]) -> str:
    if columns in (NOTHING, ALL):
        return verb if columns else ""
    # Quoted, as a column may have a name that is a word of SQL.
    return verb + " ({})".format(", ".join(f'"{column}"' for column in columns))


def role_faults(door: str) -> Iterator[str]:
    """Yield in which way the present connection may do other things in PostgreSQL than the door needs."""
    role, powers = _present_role()
    held, wanted = _held(), _wanted(DOOR_RIGHTS[door])
    grant = f"openhotline database grants --door {door} --role"
    mend = f"Make it a role of its own: {grant} NAME, docs/operators/doors-and-people.md."
    if powers:
        yield f"The {door} door is connected as {role}, which {powers}: it can read and change everything. {mend}"
    elif needless := sorted({one.partition(" ")[2].partition(".")[0] for one in held - wanted}):
        first = min(held - wanted)
        yield (
            f"The role {role} of the {door} door may do what the door has no need of, in {len(needless)} tables "
            f"({', '.join(needless[:3])}{' and others' if len(needless) > 3 else ''}), first: {first}. {mend}"
        )
    if lacking := sorted(wanted - held):
        yield (
            f"The role {role} of the {door} door lacks {len(lacking)} rights that the door needs, first: {lacking[0]}. "
            f"Run as the tables' owner: {grant} {role} --apply."
        )


def rights_on_the_log() -> list[str]:
    """Return what the present role may do to the log besides reading and appending; nothing for a safe one."""
    _, powers = _present_role()
    changes = {f"{verb} {table}" for table in TABLES for verb in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")}
    held = {right.partition(".")[0] for right in _held()}
    return [f"it {powers}"] if powers else sorted(held & changes)


_COLUMNS = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0
AND NOT a.attisdropped
"""
_HELD = f"""
SELECT verb || ' ' || relname || '.' || attname FROM ({_COLUMNS}) AS there,
unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS verb
WHERE has_column_privilege(format('public.%%I', relname)::regclass, attname, verb)
UNION ALL
SELECT DISTINCT verb || ' ' || relname FROM ({_COLUMNS}) AS there,
unnest(array['DELETE', 'TRUNCATE', 'TRIGGER']) AS verb
WHERE has_table_privilege(format('public.%%I', relname)::regclass, verb)
"""  # noqa: S608 - two constants of this module
_POWERS = """
SELECT rolsuper, EXISTS (
    SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(c.relowner, 'USAGE')
), rolname
FROM pg_roles WHERE rolname = current_user
"""


def _present_role() -> tuple[str, str]:
    """Return the name of the role, and what makes rights meaningless for it; "" when nothing does."""
    ((is_super, owns, name),) = _asked(_POWERS)
    return str(name), "is a superuser" if is_super else "owns tables" if owns else ""


def _held() -> set[str]:
    return {str(right) for (right,) in _asked(_HELD)}


def _wanted(rights: Mapping[str, Rights]) -> set[str]:
    columns: dict[str, list[str]] = {}
    for table, column in _asked(_COLUMNS):
        columns.setdefault(table, []).append(column)
    found = set()
    for table, right in rights.items():
        every = columns.get(table, [])
        adding = every if right.add else []
        for verb, named in (("SELECT", right.read), ("INSERT", adding), ("UPDATE", right.change)):
            found |= {f"{verb} {table}.{column}" for column in (every if named == ALL else named)}
    return found


def _asked(question: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, [])
        return list(cursor.fetchall())
