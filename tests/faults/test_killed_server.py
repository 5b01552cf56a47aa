"""The database server of a fault dies whole, and comes back with what was committed."""

import sys
from pathlib import Path

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from temporary_postgres import PostgresUnavailableError, find_binaries, temporary_postgres

pytestmark = pytest.mark.slow


def test_none_of_its_processes_outlives_a_kill_and_what_was_committed_is_there() -> None:
    """Also one that is in the middle of something: it would keep the next server from starting."""
    try:
        find_binaries()
    except PostgresUnavailableError as reason:
        pytest.skip(str(reason))
    with temporary_postgres() as server:
        address = f"host={server.folder} user=openhotline dbname=postgres"
        with psycopg.connect(address, autocommit=True) as idle:
            idle.execute("CREATE TABLE kept (number int)")
            idle.execute("INSERT INTO kept VALUES (7)")
            before = idle.info.backend_pid
            server.kill()
            assert not Path(f"/proc/{before}").exists()
        with psycopg.connect(address) as again:
            assert again.execute("SELECT number FROM kept").fetchone() == (7,)
