"""The cast, and what every test gets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from itertools import count
from typing import Protocol

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_tasks_db.management.commands import db_worker

from openhotline.accounts.models import Authority, Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.services.record_authority import record_authority
from openhotline.accounts.states import Role
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.states import ItemState

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker runs inside the test's transaction; on PostgreSQL it would close the connection that holds it."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)


def empty_with_the_log() -> None:
    """Empty the database, the log too: it refuses deletion, so its guards stand down for that."""
    names = ("0002_append_only", "0003_unseal", "0005_guards")
    first, unseal, last = (import_module(f"openhotline.audit.migrations.{name}") for name in names)
    with connection.schema_editor() as editor:
        last.unguard(None, editor)
        unseal.unseal_and_guard(None, editor)
        first.unguard(None, editor)
    # Without what Django does after migrating: names of content types and permissions, which nothing of ours asks for.
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    with connection.schema_editor() as editor:
        first.guard(None, editor)
        unseal.unseal(None, editor)
        last.guard(None, editor)


@pytest.fixture
def log_for_one_test(transactional_db: None) -> Iterator[None]:
    """Empty the database after the test, which would be refused where the log has something."""
    yield
    empty_with_the_log()


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return NOW


def _person(username: str, role: Role) -> Person:
    return add_person(
        username=username,
        name=username.title(),
        role=role,
        password="practice",
        practice=True,
        actor="test",
        now=NOW,
    )


@pytest.fixture
def analyst(db: None) -> Person:
    """Who assesses."""
    return _person("analyst", Role.ANALYST)


@pytest.fixture
def other_analyst(db: None) -> Person:
    """Who gives the second opinion."""
    return _person("other", Role.ANALYST)


@pytest.fixture
def senior(db: None) -> Person:
    """Who resolves disagreements and approves."""
    return _person("senior", Role.SENIOR)


@pytest.fixture
def manager(db: None) -> Person:
    """Who approves and reads the numbers."""
    return _person("manager", Role.MANAGER)


@pytest.fixture
def auditor(db: None) -> Person:
    """Who verifies the log and asks about unusual looks."""
    return _person("auditor", Role.AUDITOR)


@pytest.fixture
def operator(db: None) -> Person:
    """Who keeps the machine, and is the second to sign for roles and keys."""
    return _person("operator", Role.OPERATOR)


@pytest.fixture
def stranger() -> Client:
    """Somebody outside, not signed in."""
    return Client()


@pytest.fixture
def authority(db: None) -> Authority:
    """A recorded authority in force."""
    return record_authority(
        scope="reported addresses",
        jurisdiction="GB",
        approver="Practice office",
        expires_at=NOW + timedelta(days=365),
        practice=True,
        actor="test",
        now=NOW,
    )


class MakeItem(Protocol):
    """Makes an examined item without a file: for tests of the stages after examination."""

    def __call__(self, *, flip: int = 0, seed: int = 0, **changes: object) -> Item:
        """Return an item whose hash is the seed's with ``flip`` bits turned."""


@pytest.fixture
def make_item(db: None) -> MakeItem:
    """Items by seed (unrelated hashes) and flip (bits away from the seed's hash)."""
    made = count()

    def make(*, flip: int = 0, seed: int = 0, **changes: object) -> Item:
        whole = int.from_bytes(sha256(f"seed {seed}".encode()).digest()) ^ ((1 << flip) - 1)
        fields: dict[str, object] = {
            "lookup": sha256(f"{seed} {flip} {next(made)}".encode()).hexdigest(),
            "digests": "{}",
            "bytes": 1000,
            "state": ItemState.EXAMINED,
            "width": 640,
            "height": 480,
            "pdq": f"{whole:064x}",
            "quality": 100,
            "ai_involvement": "none_found",
            "real_basis": "unknown",
            "suspects_altered_real": False,
            "sealed_at": NOW,
            "examined_at": NOW,
        }
        item = Item.objects.create(**(fields | changes))
        Sighting.objects.create(item=item, seen_at=NOW)
        return item

    return make
