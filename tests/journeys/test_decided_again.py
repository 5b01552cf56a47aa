"""A member says that an entry is wrong: a person decides again, and nothing leaves the list by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from journeys.road import PAGE, Road
from looking import glimpse, reveal
from openhotline.assessment.models import Decision
from openhotline.assessment.services.ask_reassessment import ask_reassessment
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.states import DecisionState, Opinion, Source
from openhotline.hashlists.models import Dispute, Entry
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason
from openhotline.law.models import Facts

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]


def test_what_a_review_no_longer_calls_criminal_waits_in_question(road: Road) -> None:
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    entry = Entry.objects.order_by("pk")[0]
    ask_reassessment(item_ids=[entry.item_id], source=Source.MEMBER, actor="step:test", now=road.now)
    turn = take_turn(actor=road.cast.seniors[0], now=road.now)
    assert turn is not None
    assert turn.opinion == Opinion.REVIEW
    facts = Facts.from_dict({"content_kind": "image", "depicts_child": "no"})
    glimpse(turn.item.public_id, road.cast.seniors[0], road.now)
    assess_item(turn_id=turn.pk, facts=facts, idempotency="review", actor=road.cast.seniors[0], now=road.now)
    road.wait(timedelta(minutes=1))
    road.settle()
    assert [(one.entry_id, one.entry.state, one.reason) for one in Dispute.objects.all()] == [
        (entry.pk, "active", "decided_otherwise")
    ]
    states = sorted(Decision.objects.filter(item=turn.item).values_list("state", flat=True))
    assert states == [DecisionState.CORRECTED, DecisionState.PUBLISHED]


def test_another_letter_is_what_the_list_says_from_then_on(road: Road) -> None:
    """The entry stays, with its history; nothing is in question, as it is criminal all the same."""
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    entry = Entry.objects.order_by("pk")[0]
    facts = Facts.from_dict(Decision.objects.get(covers__item=entry.item_id).facts)
    letter = {"A": "B", "B": "C", "C": "A"}[entry.category]
    ask_reassessment(item_ids=[entry.item_id], source=Source.MEMBER, actor="step:test", now=road.now)
    turn = take_turn(actor=road.cast.seniors[0], now=road.now)
    assert turn is not None
    said = replace(facts, severity=letter)
    reveal(turn.item.public_id, road.cast.seniors[0], road.now)
    assess_item(turn_id=turn.pk, facts=said, idempotency="review", actor=road.cast.seniors[0], now=road.now)
    road.wait(timedelta(minutes=1))
    road.settle()
    before, entry = entry.category, Entry.objects.get(pk=entry.pk)
    assert (entry.category, entry.state) == (letter, "active")
    assert list(entry.revisions.values_list("category", flat=True)) == [before]
    assert not Dispute.objects.exists()


def test_what_was_withdrawn_and_is_confirmed_by_a_review_is_listed_again_as_another_entry(road: Road) -> None:
    """The old one stays withdrawn, and nothing of it is used again."""
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    old = Entry.objects.order_by("pk")[0]
    senior = road.cast.seniors[0]
    withdraw_entry(entry=old.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=road.now)
    road.wait(timedelta(minutes=1))
    ask_reassessment(item_ids=[old.item_id], source=Source.POLICE, actor="step:test", now=road.now)
    turn = take_turn(actor=senior, now=road.now)
    assert turn is not None
    facts = Facts.from_dict(Decision.objects.get(covers__item=old.item_id).facts)
    reveal(turn.item.public_id, senior, road.now)
    assess_item(turn_id=turn.pk, facts=facts, idempotency="review", actor=senior, now=road.now)
    road.wait(timedelta(minutes=1))
    road.settle()
    entries = Entry.objects.filter(item=old.item_id).order_by("pk")
    assert [one.state for one in entries] == ["withdrawn", "active"]
    assert [one.released_in for one in entries][1] is None
