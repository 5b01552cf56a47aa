"""What `openhotline check` looks at once all is loaded: database, sandbox, people, codes, languages, Django."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

from openhotline.accounts.models import Person
from openhotline.accounts.states import PersonState, Role
from openhotline.assessment.queries import second_opinion_rules
from openhotline.config.database_rights import rights_on_the_log, role_faults
from openhotline.config.deployment import database_faults, faults_of, further_faults, people_faults
from openhotline.config.door_rights import DOOR_RIGHTS
from openhotline.core.archive import unfinished
from openhotline.core.errors import Misconfigured
from openhotline.core.events import ATTEMPTS, given_up
from openhotline.core.languages import offered
from openhotline.core.offline import custodians_of, is_up_to_date
from openhotline.core.overdue import overdue, standstill
from openhotline.core.sandbox.protocol import SandboxUnavailable
from openhotline.evidence.examiner.sandboxed import trust_lists
from openhotline.evidence.queries import sandbox_posture
from openhotline.exposure.queries import limits, unusual_rules
from openhotline.guidance.errors import GuidanceInvalid
from openhotline.guidance.queries import content as guidance
from openhotline.hashlists.models.index_memory import faults_of_memory
from openhotline.hashlists.queries import admitted
from openhotline.hashlists.queries.versions import releases_are_held
from openhotline.law.errors import RulesInvalid
from openhotline.law.queries import rules
from openhotline.removal.queries import mail_is_held
from openhotline.triage.queries import rules as triage_rules


def faults(*, deploy: bool) -> list[str]:
    """Return what is wrong, as sentences; with ``deploy`` also what is unsafe in production, in practice mode too."""
    if stands := unfinished.sentence():
        # What else is wrong with half an installation says nothing.
        return [stands]
    found = [f"{one.msg} {one.hint or ''}".strip() for one in run_checks() if one.level >= 30]
    found += _data()
    found += _left_undone()
    if deploy:
        found += [sentence for look in DEPLOYMENT for sentence in look()]
    return found


def _data() -> Iterable[str]:
    """Say what is wrong with the files that an operator may write: nobody decides by half of one."""
    for read, broken in READ:
        try:
            read()
        except broken as error:
            yield from str(error).splitlines()


def _left_undone() -> Iterable[str]:
    # The doors outside may not read what others announced.
    if settings.DOOR not in INSIDE:
        return
    yield from _held_back()
    if still := standstill():
        yield still
    yield from [one.sentence for one in overdue()]
    if lost := given_up():
        yield (
            f"{len(lost)} announcements were given up after {ATTEMPTS} attempts, the first of {lost[0].at:%d %B %Y}: "
            "what follows them has not happened. See openhotline announcements status."
        )


def _held_back() -> Iterable[str]:
    # The media door may not read what is held, and nobody ends it there.
    if settings.DOOR == "media":
        return
    if mail_is_held():
        yield (
            "Since a restore no notice goes out, no partner is told and nobody on call is called. Compare what waits: "
            "openhotline notices status, then openhotline notices resume."
        )
    if releases_are_held():
        yield "Since a restore no list goes out. Once a manager has looked: openhotline list resume."


def _mode() -> Iterable[str]:
    if settings.PRACTICE:
        yield "This is practice mode. Production needs OPENHOTLINE_MODE=production."
    yield from faults_of(os.environ)
    yield from further_faults(os.environ)


def _database() -> Iterable[str]:
    if connection.vendor == "postgresql":
        yield from database_faults(_shown)
        if settings.DOOR in DOOR_RIGHTS:
            yield from role_faults(settings.DOOR)


def _shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def _sandbox() -> Iterable[str]:
    if settings.DOOR not in OPENING:
        return
    try:
        yield from sandbox_posture().reasons
    except (SandboxUnavailable, Misconfigured) as missing:
        yield str(missing)


def _people() -> Iterable[str]:
    if settings.DOOR == "desk" or settings.DOOR in {"worker", "all"}:
        working = Person.objects.filter(state=PersonState.WORKING, practice=False)
        managers, auditors = (working.filter(role=role).count() for role in (Role.MANAGER, Role.AUDITOR))
        yield from people_faults(managers, auditors, Person.objects.filter(practice=True).count())


def _log() -> Iterable[str]:
    if settings.DOOR in {"worker", "all"} and settings.AUDIT_SHIP is None:
        yield (
            "OPENHOTLINE_AUDIT_SHIP is empty: a log that is cut, rolled back or computed again with its key looks "
            "whole. Name a folder that the administrators of this machine cannot rewrite."
        )
    # The role of a door that has rights of its own is looked at as a whole, above.
    if connection.vendor == "postgresql" and settings.DOOR not in DOOR_RIGHTS and (may := rights_on_the_log()):
        yield (
            f"The role of this process may change the audit log ({may[0]}). Run it as a role of its own: openhotline "
            "audit grants."
        )


def _custodians() -> Iterable[str]:
    if settings.DOOR not in {"worker", "all"}:
        return
    folder = Path(settings.VAR) / "keys"
    if custodians_of(folder) is None:
        yield "No custodians of the keys are named: lost keys would be lost for ever. See openhotline key custodians."
    elif not is_up_to_date(folder):
        yield "What the custodians of the keys hold is behind the keys. Run openhotline key wrap-offline."


def _codes() -> Iterable[str]:
    # The public door itself may read nothing of members, so this is asked of the processes behind it.
    if settings.PRACTICE or not settings.DEVICE_CODES or settings.DOOR not in {"worker", "desk"}:
        return
    if not any(one.agreed.self_reported for one in admitted()):
        yield (
            "OPENHOTLINE_DEVICE_CODES=yes asks young people for codes that no company gets: no member has "
            "self_reported in its agreement (docs/operators/members.md). Admit one, or unset it."
        )


def _index_memory() -> Iterable[str]:
    if settings.INDEX_MEMORY is not None and settings.DOOR in {"members", "all"}:
        yield from faults_of_memory(settings.INDEX_MEMORY)


def _languages() -> Iterable[str]:
    if settings.DOOR in {"public", "all"}:
        yield from offered.faults(sorted(settings.SHOWN_LANGUAGES))


# The processes that open files.
OPENING = frozenset({"worker", "media", "desk", "members", "all"})
# The processes that no stranger talks to.
INSIDE = frozenset({"worker", "media", "desk", "all"})
READ: tuple[tuple[Callable[[], object], type[Exception]], ...] = (
    (guidance.current, GuidanceInvalid),
    (rules, RulesInvalid),
    (second_opinion_rules, Misconfigured),
    (limits, Misconfigured),
    (unusual_rules, Misconfigured),
    (triage_rules, Misconfigured),
    (trust_lists, Misconfigured),
)
# Another look is a function without arguments that yields sentences.
DEPLOYMENT: tuple[Callable[[], Iterable[str]], ...] = (
    _mode,
    _database,
    _sandbox,
    _people,
    _log,
    _custodians,
    _codes,
    _index_memory,
    _languages,
)
