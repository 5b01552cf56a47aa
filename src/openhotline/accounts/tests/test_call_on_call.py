"""Somebody on call is told that something cannot wait; when nobody looks after it, the next in line is."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import OnCall, Person
from openhotline.accounts.services.call_on_call import call_on_call
from openhotline.accounts.services.put_on_call import put_on_call
from openhotline.accounts.services.take_off_call import take_off_call
from openhotline.audit.models import Record
from openhotline.core import held_back

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)


@pytest.fixture
def on_call(analyst: Person, senior: Person, manager: Person, now: datetime) -> list[OnCall]:
    """The analyst first, the senior analyst next, by mail."""
    span = {"begins_at": now, "ends_at": now + timedelta(hours=12), "actor": manager, "now": now}
    return [
        put_on_call(person=analyst, step=1, mail="first@post.example", **span),
        put_on_call(person=senior, step=2, mail="second@post.example", **span),
    ]


def to(mails: list[str]) -> list[str]:
    """Whom the mails went to, in their order."""
    return [line.removeprefix("To: ") for text in mails for line in text.splitlines() if line.startswith("To: ")]


def test_the_next_in_line_is_told_a_quarter_of_an_hour_later_and_each_once(
    mails: list[str], on_call: list[OnCall], now: datetime
) -> None:
    for minutes in (0, 5, 14, 15, 16, 40):
        call_on_call(since=[now], actor="step:test", now=now + timedelta(minutes=minutes))
        assert to(mails)[-1] == ("first@post.example" if minutes < 15 else "second@post.example")
    assert to(mails) == ["first@post.example", "second@post.example"]
    assert Record.objects.filter(action="on_call_told").count() == 2


def test_the_mail_says_nothing_of_what_it_is(mails: list[str], on_call: list[OnCall], now: datetime) -> None:
    call_on_call(since=[now], actor="step:test", now=now)
    assert "cannot wait" in mails[0]
    assert not any(word in mails[0].lower() for word in ("picture", "child", "report", "http"))


def test_what_comes_later_is_told_again(mails: list[str], on_call: list[OnCall], now: datetime) -> None:
    call_on_call(since=[now], actor="step:test", now=now)
    later = now + timedelta(hours=1)
    call_on_call(since=[now, later], actor="step:test", now=later)
    assert to(mails) == ["first@post.example", "first@post.example", "second@post.example"], "the next for what is old"


def test_many_matters_at_once_are_no_more_than_a_mail_in_a_quarter_of_an_hour(
    mails: list[str], on_call: list[OnCall], now: datetime
) -> None:
    for minutes in range(15):
        since = [now + timedelta(minutes=some) for some in range(minutes + 1)]
        call_on_call(since=since, actor="step:test", now=since[-1])
    assert to(mails) == ["first@post.example"]


def test_a_mail_that_did_not_go_out_is_tried_again(
    mails: list[str], on_call: list[OnCall], now: datetime, settings: LazySettings
) -> None:
    server, settings.MAIL = settings.MAIL, {"host": "127.0.0.1", "port": 1, "from": "desk@hotline.example"}
    assert call_on_call(since=[now], actor="step:test", now=now) == 0
    settings.MAIL = server
    assert call_on_call(since=[now], actor="step:test", now=now) == 1


def test_an_address_is_forgotten_with_the_turn(on_call: list[OnCall], manager: Person, now: datetime) -> None:
    take_off_call(on_call=on_call[0].public_id, actor=manager, now=now)
    assert OnCall.objects.get(pk=on_call[0].pk).mail is None
    later = now + timedelta(days=1)
    put_on_call(person=on_call[0].person, step=1, begins_at=later, ends_at=later + QUARTER, actor=manager, now=later)
    assert OnCall.objects.get(pk=on_call[1].pk).mail is None, "its time is over"


def test_while_mail_is_held_back_nobody_is_told_and_then_they_are(
    mails: list[str], on_call: list[OnCall], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as held:
        held.setattr(held_back, "_reasons", [lambda: True])
        assert (call_on_call(since=[now], actor="step:test", now=now), mails) == (0, [])
    assert call_on_call(since=[now], actor="step:test", now=now) == 1
