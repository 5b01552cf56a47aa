"""Everything practice needs before the first report: people, an authority, the police partner's key, known lists.

Calling it again changes nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from openhotline.accounts.models import Person
from openhotline.accounts.queries import latest_authority
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.services.record_authority import record_authority
from openhotline.accounts.states import Role
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.states import Verdict
from openhotline.practice.site.registry import ABUSE, PROVIDER
from openhotline.referral.models import partner
from openhotline.removal.services.approve_contact import approve_contact
from openhotline.removal.services.propose_contact import propose_contact
from openhotline.removal.states import ContactState

ACTOR = "practice"
PASSWORD = "practice"  # noqa: S105 - printed on the start page; practice accounts are refused in production
SIGN_INS = (
    ("analyst", Role.ANALYST),
    ("senior", Role.SENIOR),
    ("manager", Role.MANAGER),
    ("auditor", Role.AUDITOR),
    ("operator", Role.OPERATOR),
)
KNOWN_LISTS = (
    ("practice known", Verdict.KNOWN, "known.jsonl"),
    ("practice harmless", Verdict.HARMLESS, "known_harmless.jsonl"),
)
_TEN_YEARS = timedelta(days=3652)


@dataclass(frozen=True)
class Cast:
    """Who works in practice: the sign-ins for a visitor, and those who answer from the truth file."""

    sign_ins: list[Person]
    analysts: list[Person]
    seniors: list[Person]


def seed(*, collection: Path | None, analysts: int, now: datetime) -> Cast:
    """Make what is missing, the police partner's key pair among it; ``collection`` has the lists to import, if any."""
    cast = Cast(
        sign_ins=[_person(name, name.title(), role, PASSWORD, now) for name, role in SIGN_INS],
        analysts=[_scripted(f"scripted-{n:02}", Role.ANALYST, now) for n in range(1, analysts + 1)],
        seniors=[_scripted(f"scripted-senior-{n:02}", Role.SENIOR, now) for n in (1, 2)],
    )
    if latest_authority(now) is None:
        record_authority(
            scope="PRACTICE: the practice site and its collection, nothing else",
            jurisdiction="GB",
            approver="Practice office",
            expires_at=now + _TEN_YEARS,
            practice=True,
            actor=ACTOR,
            now=now,
        )
    partner()
    _approve_provider(cast.seniors[0], now)
    if collection is not None:
        _import_lists(collection, now)
    return cast


def _approve_provider(senior: Person, now: datetime) -> None:
    """The provider of the practice site is known from the first day; any other contact waits at the desk."""
    contact = propose_contact(mail=ABUSE, provider=PROVIDER, actor=senior, now=now)
    if contact.state == ContactState.PROPOSED:
        approve_contact(contact=contact.public_id, actor=senior, now=now)


def _scripted(username: str, role: Role, now: datetime) -> Person:
    return _person(username, f"Scripted {role.replace('_', ' ')} {username[-2:]}", role, None, now)


def _person(username: str, name: str, role: Role, password: str | None, now: datetime) -> Person:
    there = Person.objects.filter(username=username).first()
    return there or add_person(
        username=username, name=name, role=role, password=password, practice=True, actor=ACTOR, now=now
    )


def _import_lists(collection: Path, now: datetime) -> None:
    for name, verdict, file in KNOWN_LISTS:
        import_known(list_name=name, verdict=verdict, lines=_hashes(collection / file), actor=ACTOR, now=now)


def _hashes(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line)["sha256"] for line in lines)
