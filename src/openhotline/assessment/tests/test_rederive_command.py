"""`law rederive` and `law bases` at the terminal."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
import typer
from click.testing import Result
from django.conf import LazySettings
from typer.testing import CliRunner

from openhotline.accounts.models import Person
from openhotline.assessment.commands import bases, rederive
from openhotline.assessment.models import Decision, Outcome
from openhotline.assessment.queries import listables
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.tests.conftest import NO_CHILD, Give, Select
from openhotline.hashlists.models import Entry
from openhotline.hashlists.services.list_items import list_items

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(select: Select, give: Give, analyst: Person, now: datetime) -> Decision:
    """One published decision that no child is shown."""
    select((1, 0))
    give(analyst, NO_CHILD)
    publish_decisions(actor="step:test", now=now + timedelta(seconds=31))
    return Decision.objects.get()


def run(*arguments: str, command: Callable[..., None] = rederive) -> Result:
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, list(arguments))


def test_each_change_is_a_line_and_the_end_counts_them(decision: Decision, senior: Person) -> None:
    result = run("--by", senior.username, "--on", "2003-01-01")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert f"{decision.public_id} GB-EAW: not_criminal → not_determined" in lines
    assert "GB-EAW: not_criminal → not_determined: 1" in lines
    assert set(Outcome.objects.values_list("kind", flat=True)) == {"not_determined"}


def test_in_json_what_is_open_is_null(decision: Decision, senior: Person) -> None:
    [line] = run("--by", senior.username, "--on", "2003-01-01", "--json").stdout.splitlines()
    [change, *_] = json.loads(line)["changes"]
    assert (change["decision"], change["after"]["criminal"]) == (decision.public_id, None)


def test_when_nothing_changed_it_says_so(decision: Decision, senior: Person) -> None:
    assert decision.pk
    assert run("--by", senior.username).stdout.splitlines()[-1] == "Outcomes that changed: 0"


def test_decisions_whose_facts_cannot_be_read_end_it_with_one(decision: Decision, senior: Person) -> None:
    Decision.objects.update(facts={"colour": "red"})
    result = run("--by", senior.username)
    assert result.exit_code == 1
    assert f"{decision.public_id}: its facts cannot be read by these rules" in result.stderr


def test_bases_are_told_once(confirmed: Decision, senior: Person, now: datetime) -> None:
    """An operator runs it once after an upgrade; again it has nothing to do."""
    list_items(listables=listables([confirmed.pk]), actor="step:test", now=now)
    Entry.objects.update(elsewhere=None)
    assert "Announced in 1 pieces" in run("--by", senior.username, command=bases).stdout
    Entry.objects.update(elsewhere=[])
    assert "already" in run("--by", senior.username, command=bases).stdout
    assert run("--by", "nobody", command=bases).exit_code == 2


def test_somebody_unknown_is_refused() -> None:
    result = run("--by", "nobody")
    assert (result.exit_code, result.stderr) == (
        2,
        "Nobody signs in as 'nobody'. Give the name that you use at the desk.\n",
    )


@pytest.mark.usefixtures("senior")
def test_broken_rules_are_refused_with_the_line(tmp_path: Path, settings: LazySettings) -> None:
    shipped = (resources.files("openhotline.law") / "rules" / "ie.toml").read_text("utf-8")
    (tmp_path / "ie.toml").write_text(shipped.replace("age = 18", "age = 81"))
    settings.LAW = tmp_path
    result = run("--by", "senior")
    assert result.exit_code == 2
    assert result.stderr.startswith("Rule file ie.toml, line ")
