"""A connection that was kept open is looked at before it is used, and the server is asked nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper as DjangoPostgresql

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that could be gone.")
    connection.ensure_connection()


def _end_the_other() -> None:
    """End the server's side of the test's connection, as a restart does, and wait until it is gone."""
    mine = connection.connection.info.backend_pid

    def end() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [mine])
        connection.close()

    with ThreadPoolExecutor(1) as hand:
        hand.submit(end).result()


def test_one_that_is_there_is_found_so_without_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(DjangoPostgresql, "is_usable", lambda _: asked.append(True))
    assert connection.is_usable()
    assert asked == []


def test_one_whose_server_ended_is_found_and_the_next_request_opens_another() -> None:
    _end_the_other()
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_planted_one_that_is_believed_to_be_there_fails_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(connection._connections["default"]), "is_usable", lambda _: True)
    _end_the_other()
    connection.health_check_enabled, connection.health_check_done = True, False
    try:
        with pytest.raises(Exception, match=r"terminat|closed|lost"), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def test_one_that_is_closed_is_not_usable() -> None:
    connection.close()
    assert not connection.is_usable()


def test_after_an_error_the_server_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(DjangoPostgresql, "is_usable", lambda _: bool(asked.append(True)) or True)
    connection.errors_occurred = True
    try:
        assert connection.is_usable()
    finally:
        connection.errors_occurred = False
    assert asked == [True]
