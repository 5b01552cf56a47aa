"""A member's word on an entry; a dispute has a person look again, and removes nothing by itself."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotNow
from openhotline.core.models import Event
from openhotline.hashlists.models import Entry, Feedback, Member, Release
from openhotline.hashlists.queries.editions import canaries_of
from openhotline.hashlists.services.give_feedback import give_feedback
from openhotline.hashlists.states import EntryState, FeedbackReason, FeedbackVerdict, Stream

pytestmark = pytest.mark.django_db
DISPUTE, CONFIRM = FeedbackVerdict.DISPUTE, FeedbackVerdict.CONFIRM


@pytest.fixture
def entry(make_entry: Callable[..., Entry], publish: Callable[..., Release]) -> Entry:
    found = make_entry()
    publish()
    return found


def say(member: Member, entry: Entry, verdict: FeedbackVerdict, reason: FeedbackReason | None, now: datetime) -> None:
    give_feedback(member=member, actor="key_test", entry=entry.public_id, verdict=verdict, reason=reason, now=now)


def test_a_dispute_announces_that_somebody_has_to_look(
    entry: Entry, make_member: Callable[..., Member], now: datetime
) -> None:
    member = make_member()
    for _ in range(2):
        say(member, entry, DISPUTE, FeedbackReason.ADULT, now)
    assert Event.objects.get(kind="EntriesQuestioned").ids == [entry.pk]
    entry.refresh_from_db()
    assert entry.state == EntryState.ACTIVE


def test_the_same_of_a_canary_is_logged_once_as_of_an_entry(
    make_entry: Callable[..., Entry], make_member: Callable[..., Member], publish: Callable[..., Release], now: datetime
) -> None:
    """The log would tell one from the other, and so would whoever counts what becomes of its words."""
    member, entry = make_member(), make_entry()
    publish(member)
    for name in (entry.public_id, canaries_of(member)[0].name):
        for _ in range(2):
            give_feedback(
                member=member, actor="key_test", entry=name, verdict=DISPUTE, reason=FeedbackReason.ADULT, now=now
            )
        assert Record.objects.filter(action="feedback_given", subject=name).count() == 1


def test_what_is_said_later_takes_the_place_of_what_was_said(
    entry: Entry, make_member: Callable[..., Member], now: datetime
) -> None:
    member = make_member()
    say(member, entry, DISPUTE, FeedbackReason.NO_PERSON, now)
    say(member, entry, CONFIRM, None, now)
    assert list(Feedback.objects.values_list("verdict", "reason")) == [("confirm", "")]


def test_a_dispute_needs_a_reason_and_a_confirmation_has_none(
    entry: Entry, make_member: Callable[..., Member], now: datetime
) -> None:
    member = make_member()
    for verdict, reason in ((DISPUTE, None), (CONFIRM, FeedbackReason.ADULT)):
        with pytest.raises(NotNow, match="needs a reason"):
            say(member, entry, verdict, reason, now)


def test_entries_of_other_streams_are_as_if_there_were_none(
    entry: Entry, make_member: Callable[..., Member], now: datetime
) -> None:
    with pytest.raises(Missing, match="no entry"):
        say(make_member(streams=(Stream.ORDINARY,)), entry, CONFIRM, None, now)


def test_a_name_that_no_database_takes_is_no_entry(make_member: Callable[..., Member], now: datetime) -> None:
    """PostgreSQL refuses a zero byte in a text, which would be an error of the server."""
    with pytest.raises(Missing, match="no entry"):
        give_feedback(member=make_member(), actor="key_test", entry="ent_\0", verdict=CONFIRM, reason=None, now=now)
