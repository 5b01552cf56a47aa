"""What follows by itself after a release, a withdrawal and a dispute: members are served, told and heard."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.core.jobs import drain
from openhotline.hashlists.models import Dispute, Edition, Entry, Member, Release
from openhotline.hashlists.queries import freshness
from openhotline.hashlists.services.give_feedback import give_feedback
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import EntryState, FeedbackReason, FeedbackVerdict, WithdrawalReason
from openhotline.intake.models import Webhook, WebhookMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(make_entry: Callable[..., Entry], release: Callable[[], Release]) -> Entry:
    """An entry that was published, with all that follows."""
    found = make_entry()
    release()
    drain()
    return found


def test_a_release_is_served_and_every_members_edition_built(
    make_member: Callable[..., Member], entry: Entry, make_entry: Callable[..., Entry], release: Callable[[], Release]
) -> None:
    member = make_member()
    drain()
    make_member("Asks Alone", download=False)
    make_entry()
    release()
    drain()
    assert not freshness().stale
    assert list(Edition.objects.order_by("version").values_list("member", "version")) == [
        (member.pk, 1),
        (member.pk, 2),
    ]


def test_a_withdrawal_is_told_to_the_members_whose_list_holds_it(
    make_member: Callable[..., Member], entry: Entry, senior: Person, now: datetime
) -> None:
    members = [make_member(), make_member("Asks Alone", download=False), make_member("Other", streams=("ordinary",))]
    for one in members:
        Webhook.objects.create(partner=one.partner, address="https://x.example", secret="whsec_", set_at=now)
    withdraw_entry(entry=entry.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    drain()
    message = WebhookMessage.objects.get()
    assert (message.partner, message.kind, message.data) == (
        members[0].partner,
        "entry.withdrawn",
        {"entry": entry.public_id},
    )


def test_a_dispute_waits_at_the_desk_and_the_entry_stays(
    make_member: Callable[..., Member], entry: Entry, now: datetime
) -> None:
    give_feedback(
        member=make_member(),
        actor="key_test",
        entry=entry.public_id,
        verdict=FeedbackVerdict.DISPUTE,
        reason=FeedbackReason.ADULT,
        now=now,
    )
    drain()
    entry.refresh_from_db()
    assert (Dispute.objects.get().reason, entry.state) == (WithdrawalReason.FEEDBACK, EntryState.ACTIVE)
