"""Somebody asks to look."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db.models import QuerySet

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotNow
from openhotline.exposure.models import View
from openhotline.exposure.services import grant_view as module
from openhotline.exposure.services.grant_view import grant_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(analyst: Person, now: datetime) -> Callable[[], str]:
    """Ask to see one item."""
    return lambda: grant_view(subject="itm_a", kind=View.REVEAL, size=9, session="s", actor=analyst, now=now)


def test_a_grant_leaves_a_row_and_a_record(ask: Callable[[], str], analyst: Person) -> None:
    ask()
    assert View.objects.get().person == analyst.public_id
    assert Record.objects.get(action="view_granted").subject == "itm_a"


def test_token_and_session_are_not_in_the_table(ask: Callable[[], str]) -> None:
    token = ask()
    view = View.objects.get()
    assert token not in (view.grant, view.session)
    assert view.session != "s"


def test_without_its_record_there_is_no_grant(ask: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Row and record stand or fall together."""

    def full(**_fields: object) -> None:
        raise OSError("The log cannot be written.")

    monkeypatch.setattr(module, "record", full)
    with pytest.raises(OSError, match="log"):
        ask()
    assert not View.objects.exists()


def test_a_due_break_refuses_with_a_sentence(ask: Callable[[], str], looked: Callable[..., View]) -> None:
    for minute in range(51):
        looked(52 - minute, 60)
    with pytest.raises(NotNow, match=r"A break is due.*again in \d+ min"):
        ask()


def test_a_spent_day_refuses_with_a_sentence(ask: Callable[[], str], looked: Callable[..., View]) -> None:
    looked(360, 4 * 3600)
    with pytest.raises(NotNow, match="4 hours today"):
        ask()


def test_planted_without_the_policy_a_spent_day_would_go_on(
    ask: Callable[[], str], looked: Callable[..., View], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(360, 4 * 3600)
    monkeypatch.setattr(module, "check_may_look_now", lambda _person, _now: None)
    assert ask()


def test_a_ticket_is_good_for_one_look(analyst: Person, now: datetime) -> None:
    """What was refused has used up nothing; looks without one are not alike."""

    def look(ticket: str) -> str:
        return grant_view(subject="itm_a", kind=View.REVEAL, size=9, session="s", ticket=ticket, actor=analyst, now=now)

    assert look("one") != look("two") != look("") != look("")
    with pytest.raises(NotNow, match="Load the page again"):
        look("one")
    assert View.objects.count() == 4


def test_of_two_that_bring_one_ticket_at_once_the_table_keeps_one(
    analyst: Person, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """Each looked before the other had written."""
    monkeypatch.setattr(QuerySet, "exists", lambda _: False)
    grant_view(subject="itm_a", kind=View.REVEAL, size=9, session="s", ticket="one", actor=analyst, now=now)
    with pytest.raises(NotNow, match="Load the page again"):
        grant_view(subject="itm_a", kind=View.REVEAL, size=9, session="s", ticket="one", actor=analyst, now=now)
