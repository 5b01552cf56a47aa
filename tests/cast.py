"""The cast, and what every test gets."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from openhotline.accounts.models import Authority, Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.services.record_authority import record_authority
from openhotline.accounts.states import Role

pytest_plugins = ["network_guard"]

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


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
