"""One person names exactly which records of a class are to end."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Approval, Person
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed, NotNow
from openhotline.endings.models import Ending
from openhotline.endings.services.draft_ending import draft_ending
from openhotline.intake.models import Report


def test_what_is_due_is_written_down(old: list[Report], manager: Person, now: datetime) -> None:
    ending = draft_ending(record_class="reports", names=None, actor=manager, now=now)
    assert ending.names == [one.public_id for one in old]
    assert Report.objects.filter(details=None).count() == 0
    assert not Approval.objects.exists()


def test_where_two_people_end_a_class_the_second_is_asked(manager: Person, now: datetime) -> None:
    ending = draft_ending(record_class="evidence", names=["itm_a"], actor=manager, now=now)
    asked = Approval.objects.get()
    assert (asked.purpose, asked.subject, asked.manifest_sha256) == ("ending", ending.public_id, ending.manifest_sha256)


def test_another_list_is_another_fingerprint(manager: Person, now: datetime) -> None:
    ending = draft_ending(record_class="evidence", names=["itm_a"], actor=manager, now=now)
    before = ending.manifest_sha256
    ending.names = ["itm_b"]
    assert ending.manifest_sha256 != before


def test_the_log_has_class_and_digest_and_no_more(old: list[Report], manager: Person, now: datetime) -> None:
    ending = draft_ending(record_class="reports", names=None, actor=manager, now=now)
    line = Record.objects.get(action="ending_drafted")
    assert (line.count, line.detail) == (2, {"kind": "reports", "manifest": ending.manifest_sha256})


def test_an_analyst_ends_nothing(old: list[Report], analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not end records"):
        draft_ending(record_class="reports", names=None, actor=analyst, now=now)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("looks", "the worker ends it by itself"),
        ("audit_log", "kept as long as this installation"),
        ("hash_list", "No time ends hash_list"),
        ("reports", "0 records cannot end"),
    ],
)
def test_what_people_do_not_end_is_refused(manager: Person, now: datetime, name: str, sentence: str) -> None:
    with pytest.raises(NotNow, match=sentence):
        draft_ending(record_class=name, names=None, actor=manager, now=now)
    assert not Ending.objects.exists()


def test_a_class_that_is_none_is_refused(manager: Person, now: datetime) -> None:
    with pytest.raises(Missing, match="no class 'repots'"):
        draft_ending(record_class="repots", names=None, actor=manager, now=now)
