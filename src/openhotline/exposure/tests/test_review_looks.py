"""What was revealed is compared with the rules."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.exposure.models import Alert, View, read_rules
from openhotline.exposure.services import review_looks as module
from openhotline.exposure.services.grant_view import grant_view
from openhotline.exposure.services.review_looks import review_looks
from openhotline.exposure.states import Rule

pytestmark = pytest.mark.django_db

Looked = Callable[..., View]
RULES = read_rules()
DAY = 24 * 60


def nothing(_person: str, _items: Collection[str]) -> set[str]:
    return set()


def everything(_person: str, items: Collection[str]) -> set[str]:
    return set(items)


def review(now: datetime, settled: Callable[[str, Collection[str]], set[str]] = everything) -> list[str]:
    return [one.rule for one in review_looks(rules=RULES, settled=settled, actor="step:tick", now=now)]


def test_an_alert_is_a_row_and_a_line_without_the_person(looked: Looked, analyst: Person, now: datetime) -> None:
    for minute in range(9, 0, -1):
        looked(minute, 5)
    assert review(now) == [Rule.REPEATED]
    alert = Alert.objects.get()
    assert (alert.person, alert.subject, alert.count, alert.seen_at) == (analyst.public_id, "itm_a", 9, None)
    row = Record.objects.get(action="looks_alerted")
    assert (row.actor, row.subject, row.count) == ("step:tick", "alerts", 1)


def test_it_is_told_once_a_day(looked: Looked, now: datetime) -> None:
    for minute in range(9, 0, -1):
        looked(minute, 5)
    assert (len(review(now)), len(review(now))) == (1, 0)
    looked(-1, 5)
    assert review(now + timedelta(minutes=2)) == []


def test_looks_since_the_last_review_are_seen_with_those_before(looked: Looked, now: datetime) -> None:
    for minute in range(18, 10, -1):
        looked(minute, 5)
    assert review(now - timedelta(minutes=5)) == []
    looked(1, 5)
    assert review(now) == [Rule.REPEATED]


def test_items_that_were_not_decided_a_day_later_are_told(looked: Looked, now: datetime) -> None:
    for n in range(6):
        looked(DAY + 10 + n, 5, subject=f"itm_{n}")
    assert review(now, nothing) == [Rule.UNDECIDED]


def test_items_that_were_decided_are_not(looked: Looked, now: datetime) -> None:
    for n in range(6):
        looked(DAY + 10 + n, 5, subject=f"itm_{n}")
    assert review(now, everything) == []


def test_what_was_shown_today_may_still_be_decided(looked: Looked, now: datetime) -> None:
    for n in range(6):
        looked(60 + n, 5, subject=f"itm_{n}")
    assert review(now, nothing) == []


def test_scripted_looks_and_glimpses_are_left_out(looked: Looked, now: datetime) -> None:
    for minute in range(20, 0, -1):
        looked(minute, 5, simulated=minute % 2 == 0, kind=View.REVEAL if minute % 2 == 0 else View.GLIMPSE)
    assert review(now) == []


def test_an_alert_stops_no_look(looked: Looked, analyst: Person, now: datetime) -> None:
    for minute in range(9, 0, -1):
        looked(minute, 5)
    review(now)
    assert grant_view(subject="itm_a", kind=View.REVEAL, size=9, session="s", actor=analyst, now=now)


def test_planted_a_review_that_trusts_everybody_tells_nothing(
    looked: Looked, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute in range(9, 0, -1):
        looked(minute, 5)
    monkeypatch.setattr(module, "strange_now", lambda *_, **__: [])
    assert review(now) == []
