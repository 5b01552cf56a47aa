"""People from the command line."""

import json

import pytest
from django.test import Client
from typer.testing import CliRunner

from openhotline.accounts.commands import app, authority_app
from openhotline.accounts.models import Authority, Person

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[int, str]:
    """Return how a command ended and all that it said."""
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


def test_the_first_manager_comes_in_by_a_printed_link(stranger: Client) -> None:
    code, link = run("invite", "kim", "--name", "Kim", "--role", "manager")
    assert code == 0
    page = stranger.get(link.strip().removeprefix("http://localhost:8000"))
    assert "Welcome, Kim" in page.content.decode()


def test_a_name_that_is_taken_is_a_sentence(analyst: Person) -> None:
    code, said = run("invite", "analyst", "--name", "A", "--role", "analyst")
    assert (code, "already" in said) == (1, True)


def test_the_list_is_json_where_a_program_reads_it(analyst: Person) -> None:
    row = json.loads(run("list", "--json")[1])
    assert (row["username"], row["role"], row["state"]) == ("analyst", "analyst", "working")


def test_role_dates_disabling_and_a_new_link(analyst: Person) -> None:
    assert run("role", "analyst", "--to", "senior_analyst") == (0, "analyst is now: Senior analyst.\n")
    assert run("dates", "analyst", "--vetted", "2031-02-03")[0] == 0
    assert run("disable", "analyst")[0] == 0
    assert "/desk/join/" in run("invite-again", "analyst")[1]
    analyst.refresh_from_db()
    assert (analyst.role, analyst.state, str(analyst.vetted_until)) == ("senior_analyst", "invited", "2031-02-03")
    assert analyst.trained_until is None


def test_nobody_of_that_name_is_a_sentence(db: None) -> None:
    code, said = run("disable", "nobody")
    assert (code, "Nobody signs in as" in said) == (1, True)


def test_an_authority_is_recorded_and_shown() -> None:
    words = ["--scope", "reported addresses", "--jurisdiction", "GB", "--approver", "Office", "--until", "2099-01-01"]
    runner = CliRunner()
    assert runner.invoke(authority_app, ["show"]).exit_code == 1
    assert runner.invoke(authority_app, ["record", *words]).exit_code == 0
    assert "reported addresses, GB, by Office" in runner.invoke(authority_app, ["show"]).output


def test_an_authority_is_ended(authority: Authority) -> None:
    assert f"Ended {authority.public_id}" in CliRunner().invoke(authority_app, ["end"]).output
    assert [CliRunner().invoke(authority_app, [word]).exit_code for word in ("show", "end")] == [1, 1]


def test_an_authority_that_has_ended_is_not_recorded() -> None:
    words = ["--scope", "reported addresses", "--jurisdiction", "GB", "--approver", "Office", "--until", "2020-01-01"]
    done = CliRunner().invoke(authority_app, ["record", *words])
    assert (done.exit_code, "has passed" in done.output) == (1, True)
