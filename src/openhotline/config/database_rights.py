"""What the public door's process may do in the database, as data, and how that differs from what its role may.

PostgreSQL holds it: the door connects as a role of its own that owns nothing and has these rights alone. Whoever takes
the process over then reads no evidence, no list, no detail of the log, no session and no person with its login.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

from openhotline.audit.models.guards import TABLES
from openhotline.core.errors import Refusal

ALL = ("*",)
NOTHING: tuple[str, ...] = ()
ID = ("id",)
_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class Rights:
    """Which columns of a table may be read and changed, and whether rows may be added and removed; `ALL` is every one.

    A row is added with all its columns, and the number that it got is read back.
    """

    read: tuple[str, ...] = NOTHING
    add: bool = False
    change: tuple[str, ...] = NOTHING


# A statement that locks a row needs the right to change some column of it.
PUBLIC_DOOR: dict[str, Rights] = {
    # What the door tells the rest of the house: events, jobs, and lines of the log that it cannot read again.
    "audit_record": Rights(read=ID, add=True),
    "core_event": Rights(read=ID, add=True),
    "django_tasks_database_dbtaskresult": Rights(add=True),
    # How often is too often, and the salt of the day.
    "core_daysalt": Rights(read=ALL, add=True, change=("day", "salt")),
    "core_tally": Rights(read=ALL, add=True, change=("many", "ends")),
    # The clock of practice; in production there is no row.
    "core_clockoffset": Rights(read=ALL),
    # Reports. What was told is sealed to a key that this door does not have.
    "intake_report": Rights(
        read=ALL,
        add=True,
        change=("contact", "contact_withdrawn", "details", "lane", "read_at", "received_at", "state", "told_at"),
    ),
    "intake_reportedaddress": Rights(read=("id",), add=True),
    "intake_quarantined": Rights(add=True, read=("report_id",), change=("sender",)),
    "intake_question": Rights(read=ALL, change=ID),  # locked while its answer is kept
    "intake_answer": Rights(read=ALL, add=True),
    "intake_devicehash": Rights(read=("id", "public_id", "report_id", "state"), add=True, change=("sealed", "state")),
    # Partners, whose keys are known by a keyed hash.
    "intake_partner": Rights(read=ALL),
    "intake_partnerkey": Rights(read=ALL),
    "intake_partnerreport": Rights(read=ALL, add=True),
    "intake_partnerrequest": Rights(read=ALL, add=True),
    # Receivers of notices: of a notice the door knows the keyed hash of its code, and nothing else.
    "removal_answercode": Rights(read=ALL, change=("used_at",)),
    "removal_provideranswer": Rights(read=ID, add=True),
    # What a person published.
    "statistics_publishedfigures": Rights(read=ALL),
    "statistics_publishedreport": Rights(read=ALL),
}


def statements(role: str, rights: Mapping[str, Rights] = PUBLIC_DOOR) -> list[str]:
    """Return the SQL that gives a role these rights and no other, for the tables' owner to run after every migration.

    Raises Refusal for what is no plain name of a role: it stands in the statements as it is.
    """
    if not _ROLE.fullmatch(role):
        raise Refusal(f"{role!r} is no plain name of a role: use small letters, digits and underscores.")
    said = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role};",
        f"GRANT USAGE ON SCHEMA public TO {role};",
    ]
    for table, right in sorted(rights.items()):
        verbs = [_verb("SELECT", right.read), "INSERT" if right.add else "", _verb("UPDATE", right.change)]
        said.append(f"GRANT {', '.join(filter(None, verbs))} ON {table} TO {role};")
    return said


def _verb(verb: str, columns: tuple[str, ...]) -> str:
    if columns in (NOTHING, ALL):
        return verb if columns else ""
    return f"{verb} ({', '.join(columns)})"


def role_faults(rights: Mapping[str, Rights] = PUBLIC_DOOR) -> Iterator[str]:
    """Yield in which way the present connection may do other things in PostgreSQL than these rights say."""
    role, powers = _present_role()
    held, wanted = _held(), _wanted(rights)
    mend = "Make it a role of its own: openhotline database grants --role NAME, docs/operators/doors-and-people.md."
    if powers:
        yield f"The public door is connected as {role}, which {powers}: it can read and change everything. {mend}"
    elif needless := sorted({one.partition(" ")[2].partition(".")[0] for one in held - wanted}):
        first = min(held - wanted)
        yield (
            f"The public door's role {role} may do what the door has no need of, in {len(needless)} tables "
            f"({', '.join(needless[:3])}{' and others' if len(needless) > 3 else ''}), first: {first}. {mend}"
        )
    if lacking := sorted(wanted - held):
        yield (
            f"The public door's role {role} lacks {len(lacking)} rights that the door needs, first: {lacking[0]}. Run "
            f"as the tables' owner: openhotline database grants --role {role} --apply."
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
