"""The roles of the doors in PostgreSQL: no right that is not named, and the check and the command that hold it."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection
from typer.testing import CliRunner

from journeys.door_roles import as_owner, as_role, refused, role_of, with_role
from openhotline.config import checking
from openhotline.config.commands import app
from openhotline.config.database_rights import role_faults, statements
from openhotline.config.door_rights import DOOR_RIGHTS
from openhotline.core.errors import Refusal

pytestmark = pytest.mark.django_db
NEEDLESS = {
    "public": ["GRANT SELECT ON evidence_item TO {}", "GRANT SELECT (detail) ON audit_record TO {}",
               "GRANT DELETE ON intake_report TO {}", "GRANT UPDATE (source) ON intake_report TO {}"],
    "media": ["GRANT SELECT (digests) ON evidence_item TO {}", "GRANT UPDATE (session_data) ON django_session TO {}",
              "GRANT INSERT ON accounts_approval TO {}", "GRANT UPDATE (role) ON accounts_person TO {}"],
    "members": ["GRANT SELECT ON django_session TO {}", "GRANT SELECT ON evidence_item TO {}",
                "GRANT SELECT ON intake_report TO {}", "GRANT UPDATE (state) ON hashlists_entry TO {}"],
}  # fmt: skip


@pytest.fixture(params=sorted(DOOR_RIGHTS))
def door(request: pytest.FixtureRequest, db: None) -> Iterator[str]:
    """Each door, with its role."""
    for _ in with_role(request.param):
        yield request.param


def test_a_table_that_is_not_named_can_be_neither_read_nor_written(door: str) -> None:
    """Also one that a later migration brings."""
    as_role(door)
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in DOOR_RIGHTS[door]:
            for statement in (f"SELECT 1 FROM {table}", f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):
                assert refused(statement), statement


def test_it_removes_nothing_and_rewrites_no_line_of_the_log(door: str) -> None:
    as_role(door)
    for statement in (*(f"DELETE FROM {table}" for table in DOOR_RIGHTS[door]), "UPDATE audit_record SET count = 9"):
        assert refused(statement), statement


def test_the_check_has_nothing_to_say_of_this_role_and_much_of_the_owner(door: str, settings: LazySettings) -> None:
    settings.DOOR = door
    assert any(one in " ".join(role_faults(door)) for one in ("owns tables", "is a superuser"))
    assert any(f"{door} door is connected" in sentence for sentence in checking._database())
    as_role(door)
    assert list(role_faults(door)) == []


def test_planted_one_right_too_many_is_named(door: str) -> None:
    for planted in NEEDLESS[door]:
        as_owner(*statements(role_of(door), door), planted.format(role_of(door)))
        as_role(door)
        (sentence,) = role_faults(door)
        assert "has no need of, in 1 tables" in sentence, planted


def test_planted_a_right_that_a_migration_left_out_is_named(door: str) -> None:
    as_owner(f"REVOKE INSERT ON audit_record FROM {role_of(door)}")
    as_role(door)
    (sentence,) = role_faults(door)
    assert "lacks" in sentence
    assert f"openhotline database grants --door {door} --role" in sentence


@pytest.mark.parametrize("door", sorted(DOOR_RIGHTS))
def test_the_command_prints_what_it_would_run_and_refuses_what_is_no_name(door: str) -> None:
    done = CliRunner().invoke(app, ["grants", "--role", "role", "--door", door])
    assert (done.exit_code, done.output.splitlines()) == (0, statements("role", door))
    assert CliRunner().invoke(app, ["grants", "--role", "x; DROP TABLE audit_record"]).exit_code == 2
    with pytest.raises(Refusal, match="no plain name"):
        statements("Door", door)


@pytest.mark.parametrize("door", sorted(DOOR_RIGHTS))
def test_the_command_applies_them_or_says_that_roles_are_postgresql_s(db: None, door: str) -> None:
    there = connection.vendor == "postgresql"
    if there:
        as_owner(f"CREATE ROLE {role_of(door)}")
    done = CliRunner().invoke(app, ["grants", "--role", role_of(door), "--door", door, "--apply"])
    assert done.exit_code == (0 if there else 2)
    if there:
        as_role(door)
        assert list(role_faults(door)) == []
        as_owner()
