"""What needs two people: lists and referrals."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Approval, Person
from openhotline.assessment.models import Decision
from openhotline.assessment.queries import listables
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.services.take_turn import take_turn
from openhotline.core.clock import now
from openhotline.core.jobs import drain
from openhotline.desk.queries.later import to_refer
from openhotline.desk.states import QUICK_ANSWERS
from openhotline.evidence.models import Item
from openhotline.hashlists.models import Entry, Release
from openhotline.hashlists.services.list_items import list_items
from openhotline.law.models import Facts
from openhotline.referral.models import Referral
from openhotline.referral.queries import package_path
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.referral.states import ReferralState

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
LETTER_A = dict(next(one.facts for one in QUICK_ANSWERS if one.code == "photo_A"))


@pytest.fixture
def confirmed(queued: list[Item], analyst: Person, other_analyst: Person) -> None:
    """Three confirmed and listed pictures."""
    for person in (analyst, other_analyst):
        for _ in queued:
            turn = take_turn(actor=person, now=now())
            assert turn is not None
            key = f"{person.pk} {turn.pk}"
            assess_item(turn_id=turn.pk, facts=Facts.from_dict(LETTER_A), idempotency=key, actor=person, now=now())
    publish_decisions(actor="test", now=now() + timedelta(minutes=1))
    # What the two readers of a package find it by; the pictures have no file here.
    digests = {kind: kind[0] * length for kind, length in (("md5", 32), ("sha1", 40), ("sha256", 64))}
    for item in queued:
        item.digests = json.dumps(digests)
        item.save(update_fields=["digests"])
    decisions = list(Decision.objects.values_list("pk", flat=True))
    list_items(listables=listables(decisions), actor="test", now=now())


def sign(client: Client) -> int:
    """Approve the one approval there is, as its page does."""
    waiting = Approval.objects.get()
    posted = {"approval": waiting.public_id, "manifest_sha256": waiting.manifest_sha256}
    return client.post(reverse("desk_approve"), posted).status_code


def test_a_release_is_drafted_approved_and_published(
    confirmed: None, sign_in: SignIn, senior: Person, manager: Person
) -> None:
    assert Entry.objects.count() == 3
    sign_in(senior).post(reverse("desk_list_draft"))
    release = Release.objects.get()
    assert sign_in(manager).post(reverse("desk_list_publish"), {"release": release.public_id}).status_code == 403
    assert sign(sign_in(manager)) == 302
    page = sign_in(senior).get(reverse("desk_lists")).content.decode()
    assert "Publish" in page
    sign_in(senior).post(reverse("desk_list_publish"), {"release": release.public_id})
    release.refresh_from_db()
    assert release.state == "published"


def test_nobody_approves_what_they_asked_for(confirmed: None, sign_in: SignIn, senior: Person) -> None:
    client = sign_in(senior)
    client.post(reverse("desk_list_draft"))
    assert "Another person has to approve it" in client.get(reverse("desk_approve")).content.decode()
    assert sign(client) == 403


def test_an_approval_is_of_exactly_what_was_seen(
    confirmed: None, sign_in: SignIn, senior: Person, manager: Person
) -> None:
    sign_in(senior).post(reverse("desk_list_draft"))
    posted = {"approval": Approval.objects.get().public_id, "manifest_sha256": "0" * 64}
    assert sign_in(manager).post(reverse("desk_approve"), posted).status_code == 409


def test_a_referral_is_drafted_and_waits(confirmed: None, sign_in: SignIn, senior: Person, manager: Person) -> None:
    sign_in(senior).post(reverse("desk_referral_draft"))
    assert Referral.objects.get().items.count() == 3
    page = sign_in(manager).get(reverse("desk_referrals")).content.decode()
    assert "Waits for a second person" in page
    assert "0 pictures are in no referral yet" in page


def test_nothing_to_release_is_a_sentence(sign_in: SignIn, senior: Person) -> None:
    answer = sign_in(senior).post(reverse("desk_list_draft"))
    assert answer.status_code == 409
    assert "Nothing was listed" in answer.content.decode()


def test_a_referral_is_handed_over_received_and_withdrawn(confirmed: None, sign_in: SignIn, senior: Person) -> None:
    drafted = draft_referral(item_ids=to_refer("GB-EAW"), actor=senior, now=now())
    package_path(drafted.public_id).write_bytes(b"sealed")
    digest = sha256(b"sealed").hexdigest()
    Referral.objects.update(state=ReferralState.BUILT, package_sha256=digest, built_at=now())
    desk, named = sign_in(senior), {"referral": drafted.public_id}
    assert "Handed over." in desk.post(reverse("desk_referral_give"), named, follow=True).content.decode()
    told = desk.post(reverse("desk_referral_receipt"), named | {"reference": "NC 7"}, follow=True).content.decode()
    assert "NC 7" in told
    gone = desk.post(reverse("desk_referral_withdraw"), named | {"because": "mistake"}, follow=True).content.decode()
    assert "Withdrawn." in gone
    assert Referral.objects.get().state == "withdrawn"


def test_an_answer_of_the_police_is_written_down_and_shown_with_what_comes_of_it(
    confirmed: None, sign_in: SignIn, senior: Person, manager: Person
) -> None:
    drafted = draft_referral(item_ids=to_refer("GB-EAW"), actor=senior, now=now())
    Referral.objects.update(state=ReferralState.RECEIVED)
    item = drafted.items.select_related("item").order_by("pk")[0].item.public_id
    said = {"referral": drafted.public_id, "item": item, "says": "wrong", "words": "They know the picture."}
    page = sign_in(manager).post(reverse("desk_referral_answer"), said, follow=True).content.decode()
    assert "Written down." in page
    drain()
    page = sign_in(senior).get(reverse("desk_referrals")).content.decode()
    assert "is being decided again" in page
    assert f"where {item} waits" in page
    assert f"where {item} waits" not in sign_in(manager).get(reverse("desk_referrals")).content.decode()


def test_an_answer_that_says_nothing_is_refused(confirmed: None, sign_in: SignIn, senior: Person) -> None:
    drafted = draft_referral(item_ids=to_refer("GB-EAW"), actor=senior, now=now())
    answer = sign_in(senior).post(reverse("desk_referral_answer"), {"referral": drafted.public_id, "says": "no"})
    assert answer.status_code == 404
    assert "Choose what the police say" in answer.content.decode()
