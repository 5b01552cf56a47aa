"""What no step took is seen by an operator, who has it delivered again."""

import json
from dataclasses import dataclass
from datetime import datetime

import pytest
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.config.checking import faults
from openhotline.config.cli import app
from openhotline.core import events, jobs

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class DiskFilledUp(events.Event):
    """Only in this test."""


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, now: datetime) -> list[bool]:
    """Say whether the disk is full: the step fails while it is, and every attempt was made meanwhile."""
    full = [True]

    def write(_ids: tuple[int, ...]) -> None:
        if full:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(events, "_steps", {})
    monkeypatch.setattr(events, "ATTEMPTS", 1)
    events.follow(DiskFilledUp, "write", write)
    events.publish(DiskFilledUp(ids=(1,)), now=now)
    jobs.drain()
    return full


def test_the_status_names_the_step_and_ends_with_one(disk: list[bool]) -> None:
    told = run("announcements", "status")
    assert (told.exit_code, "DiskFilledUp" in told.output, "not taken by: write" in told.output) == (1, True, True)
    (lost,) = json.loads(run("announcements", "status", "--json").stdout)["given_up"]
    assert lost["steps"] == ["write"]


def test_the_check_of_the_installation_says_it(disk: list[bool]) -> None:
    assert any("1 announcements were given up" in one for one in faults(deploy=False))


def test_once_the_cause_is_mended_the_operator_has_it_delivered_and_the_log_says_who(
    disk: list[bool], operator: Person
) -> None:
    disk.clear()
    assert run("announcements", "again", "--by", operator.username).exit_code == 0
    jobs.drain()
    assert run("announcements", "status").exit_code == 0
    assert Record.objects.get(action="announcements_taken_up").actor == operator.public_id
    assert [one for one in faults(deploy=False) if "announcements" in one] == []


def test_with_nothing_given_up_nothing_is_written(operator: Person) -> None:
    assert "0 announcements" in run("announcements", "again", "--by", operator.username).output
    assert not Record.objects.filter(action="announcements_taken_up").exists()


def test_who_does_not_sign_in_here_takes_nothing_up(disk: list[bool]) -> None:
    assert run("announcements", "again", "--by", "nobody").exit_code == 2
