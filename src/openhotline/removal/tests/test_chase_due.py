"""What is still there after a notice: the same contact again, then the owner, then the registrar."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.removal.models import Contact, Hosting, Notice, Recheck, Removal
from openhotline.removal.policies import CHASE_AFTER
from openhotline.removal.services.chase_due import ALL_WRITTEN_TO, chase_due
from openhotline.removal.services.open_complaint import open_complaint
from openhotline.removal.services.send_notices import send_notices
from openhotline.removal.states import ContactState, Level, RemovalState, Seen

pytestmark = pytest.mark.django_db
Noticed = Callable[[int], list[Removal]]


def still_there(removal: Removal, at: datetime, seen: Seen = Seen.PRESENT) -> None:
    Recheck.objects.create(removal=removal, at=at, seen=seen)
    Hosting.objects.update(looked_up_at=at)


def chase(at: datetime) -> int:
    return chase_due(actor="step:x", now=at)


def send(at: datetime) -> int:
    ids = list(Removal.objects.values_list("pk", flat=True))
    return len(send_notices(ids=ids, actor="step:x", now=at, deliver=lambda _message: None))


def test_two_days_later_the_same_contact_is_written_to_again(noticed: Noticed, now: datetime) -> None:
    (removal,) = noticed(1)
    still_there(removal, now + CHASE_AFTER)
    assert (chase(now + timedelta(hours=47)), chase(now + CHASE_AFTER)) == (0, 1)
    assert send(now + CHASE_AFTER) == 1
    assert list(Notice.objects.order_by("pk").values_list("chase", flat=True)) == [0, 1]
    removal.refresh_from_db()
    assert (removal.first_noticed_at, removal.noticed_at) == (now, now + CHASE_AFTER)


@pytest.mark.parametrize("seen", [Seen.MISSED, Seen.UNCLEAR])
def test_nobody_is_chased_for_what_the_last_look_did_not_find(noticed: Noticed, now: datetime, seen: Seen) -> None:
    (removal,) = noticed(1)
    still_there(removal, now)
    still_there(removal, now + CHASE_AFTER, seen)
    assert chase(now + CHASE_AFTER) == 0


def test_after_the_host_the_owner_and_then_the_registrar_are_turned_to(noticed: Noticed, now: datetime) -> None:
    (removal,) = noticed(1)
    approved = {"state": ContactState.APPROVED, "proposed_at": now}
    for level in (Level.OWNER, Level.REGISTRAR):
        contact = Contact.objects.create(lookup=level, mail=f"{level}@d.example", provider=level, **approved)
        Hosting.objects.update(**{f"{level}_contact": contact})
    at = now
    for _ in range(12):
        at += CHASE_AFTER
        still_there(removal, at)
        chase(at)
        send(at)
    levels = list(Notice.objects.order_by("pk").values_list("level", "chase"))
    assert levels == [(level, chase) for level in ("host", "owner", "registrar") for chase in (0, 1, 2)]
    removal.refresh_from_db()
    assert (removal.state, removal.sentence) == (RemovalState.NOTICED, ALL_WRITTEN_TO)


def test_an_owner_that_nobody_approved_waits_for_a_person(noticed: Noticed, now: datetime) -> None:
    (removal,) = noticed(1)
    contact = Contact.objects.create(lookup="o", mail="o@d.example", provider="o", proposed_at=now)
    Hosting.objects.update(owner_contact=contact)
    Removal.objects.update(chases=2)
    still_there(removal, now + CHASE_AFTER)
    assert chase(now + CHASE_AFTER) == 0
    removal.refresh_from_db()
    assert (removal.state, removal.level) == (RemovalState.CONTACT_WAITS, Level.OWNER)


def test_nobody_is_chased_while_a_complaint_is_unanswered(noticed: Noticed, senior: Person, now: datetime) -> None:
    (removal,) = noticed(1)
    still_there(removal, now + CHASE_AFTER)
    notice = Notice.objects.get().public_id
    open_complaint(about=notice, text="It is a picture of a landscape.", actor=senior, now=now)
    assert chase(now + CHASE_AFTER) == 0
