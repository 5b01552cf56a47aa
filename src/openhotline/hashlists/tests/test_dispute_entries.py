"""Entries are put in question, and stay until a person has decided."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.hashlists.models import Dispute
from openhotline.hashlists.queries import disputes_waiting, verdicts_for
from openhotline.hashlists.services.dispute_entries import dispute_entries
from openhotline.hashlists.services.keep_entry import keep_entry
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason
from openhotline.hashlists.tests.conftest import MakeEntry, MakeItem

pytestmark = pytest.mark.django_db
LAW = WithdrawalReason.LAW_CHANGED


def test_an_entry_in_question_stays_on_the_list(make_entry: MakeEntry, now: datetime) -> None:
    entry = make_entry()
    (dispute,) = dispute_entries(item_ids=[entry.item_id], reason=LAW, actor="step:test", now=now)
    assert list(disputes_waiting()) == [dispute]
    assert verdicts_for([entry.item.lookup]) != {}
    assert Record.objects.get(action="entries_disputed").detail == {"reason": "law_changed"}


def test_a_second_delivery_changes_nothing(make_entry: MakeEntry, now: datetime) -> None:
    item = make_entry().item_id
    for _ in range(2):
        dispute_entries(item_ids=[item], reason=LAW, actor="step:test", now=now)
    assert Dispute.objects.count() == 1


def test_what_was_kept_can_be_put_in_question_again(make_entry: MakeEntry, senior: Person, now: datetime) -> None:
    item = make_entry().item_id
    for _ in range(2):
        (dispute,) = dispute_entries(item_ids=[item], reason=LAW, actor="step:test", now=now)
        keep_entry(dispute=dispute.public_id, actor=senior, now=now)
    assert [one.state for one in Dispute.objects.all()] == ["kept", "kept"]


def test_what_is_not_listed_or_withdrawn_is_not_put_in_question(
    make_entry: MakeEntry, make_item: MakeItem, senior: Person, now: datetime
) -> None:
    entry, item = make_entry(), make_item()
    withdraw_entry(entry=entry.public_id, reason=LAW, actor=senior, now=now)
    assert dispute_entries(item_ids=[entry.item_id, item.pk], reason=LAW, actor="step:test", now=now) == []
    assert not Record.objects.filter(action="entries_disputed").exists()


def test_withdrawing_settles_what_was_in_question(make_entry: MakeEntry, senior: Person, now: datetime) -> None:
    entry = make_entry()
    for reason in (LAW, WithdrawalReason.FEEDBACK):
        dispute_entries(item_ids=[entry.item_id], reason=reason, actor="step:test", now=now)
    withdraw_entry(entry=entry.public_id, reason=LAW, actor=senior, now=now)
    assert {(one.state, one.settled_by) for one in Dispute.objects.all()} == {("withdrawn", senior.public_id)}
