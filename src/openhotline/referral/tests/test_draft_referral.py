"""The first of two people draws up a referral."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.accounts.queries import waiting_approvals
from openhotline.core.errors import Misconfigured
from openhotline.evidence.models import Item
from openhotline.evidence.queries import digests_of
from openhotline.evidence.states import ItemState, UnreadableReason
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import Referral, partner
from openhotline.referral.models.package import LONGEST_MANIFEST
from openhotline.referral.policies import check_manifest
from openhotline.referral.queries import counts, for_police, referred
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.referral.states import AI_STATEMENTS, ReferralState

pytestmark = pytest.mark.django_db
Make = Callable[..., Item]


def only_item(referral: Referral) -> dict[str, Any]:
    (told,) = json.loads(referral.manifest)["items"]
    return dict(told)


def test_a_draft_asks_a_second_person_to_approve_its_manifest(decided: Make, analyst: Person, now: datetime) -> None:
    items = [decided() for _ in range(3)]
    drafted = draft_referral(item_ids=[item.pk for item in items], actor=analyst, now=now)
    assert waiting_approvals()[0].manifest_sha256 == drafted.manifest_sha256
    assert referred([item.pk for item in items]) == {item.pk: drafted for item in items}
    assert counts()["drafted"] == 1


def test_what_was_not_determined_is_said_to_be_and_never_no(decided: Make, analyst: Person, now: datetime) -> None:
    told = only_item(draft_referral(item_ids=[decided().pk], actor=analyst, now=now))
    assert set(told["assessed"].values()) == {"not_determined"}
    assert told["ai_statement"] == "Whether AI was involved was not determined."
    assert set(told["file_evidence"].values()) == {"not_examined"}
    assert told["outcomes"][0]["category"] == told["hashes"]["pdq"] == "not_determined"


@pytest.mark.parametrize("assessed", AI_STATEMENTS)
def test_ai_evidence_never_cancels_a_referral(decided: Make, analyst: Person, now: datetime, assessed: str) -> None:
    told = only_item(draft_referral(item_ids=[decided(ai_involvement=assessed).pk], actor=analyst, now=now))
    assert told["assessed"]["ai_involvement"] == assessed
    assert "no AI" not in told["ai_statement"]


def unseen(item: Item, why: str = UnreadableReason.OTHER_KIND) -> Item:
    """Let it be a picture that could not be opened here."""
    Item.objects.filter(pk=item.pk).update(state=ItemState.UNREADABLE, unreadable_reason=why, format="BMP")
    return item


def test_a_picture_that_nobody_here_could_open_can_go_to_the_police(
    decided: Make, analyst: Person, now: datetime
) -> None:
    """Its outcome is not determined, and the package says so: the police may be able to open it."""
    item = unseen(decided(criminal=None))
    assert [row.item_id for row in for_police("GB-EAW")] == [item.pk]
    told = only_item(draft_referral(item_ids=[item.pk], actor=analyst, now=now))
    assert (told["outcomes"][0]["criminal"], told["file"]) == ("not_determined", f"originals/{item.public_id}.bmp")


@pytest.mark.parametrize(
    ("could_be_opened", "criminal", "why"),
    [(True, None, ""), (False, False, "other_kind"), (False, None, "empty")],
)
def test_what_was_seen_and_not_determined_cannot_nor_what_has_no_byte(
    decided: Make, analyst: Person, now: datetime, *, could_be_opened: bool, criminal: bool | None, why: str
) -> None:
    """Whoever saw a picture and could not tell asks somebody else here; a "no" is a "no"."""
    item = decided(criminal=criminal)
    if not could_be_opened:
        unseen(item, why)
    assert not for_police("GB-EAW").exists()
    with pytest.raises(NotReferable, match="could not be opened"):
        draft_referral(item_ids=[item.pk], actor=analyst, now=now)


def test_the_manifest_names_hashes_addresses_and_no_person(decided: Make, analyst: Person, now: datetime) -> None:
    item = decided()
    drafted = draft_referral(item_ids=[item.pk], actor=analyst, now=now)
    told = only_item(drafted)
    assert told["hashes"]["sha256"] == digests_of(item)["sha256"]
    assert told["seen"][0]["address"] == "http://127.0.0.1:8090/pictures/1.png"
    assert analyst.name not in drafted.manifest
    assert analyst.public_id not in drafted.manifest
    assert json.loads(drafted.manifest)["heading"] == "PRACTICE - NOT FINDINGS"


def test_the_database_holds_the_manifest_sealed(decided: Make, analyst: Person, now: datetime) -> None:
    draft_referral(item_ids=[decided().pk], actor=analyst, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT manifest FROM referral_referral")
        assert b"127.0.0.1" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("criminal", [False, None])
def test_only_decided_criminal_items_are_referred(
    decided: Make,
    analyst: Person,
    now: datetime,
    criminal: bool | None,  # noqa: FBT001 - a parameter of the test
) -> None:
    with pytest.raises(NotReferable, match="1 of 2 items have no published decision"):
        draft_referral(item_ids=[decided().pk, decided(criminal=criminal).pk], actor=analyst, now=now)


@pytest.mark.parametrize("count", [0, 5001])
def test_a_referral_holds_one_to_five_thousand_items(analyst: Person, now: datetime, count: int) -> None:
    with pytest.raises(NotReferable, match=f"{count:,} were given"):
        draft_referral(item_ids=list(range(count)), actor=analyst, now=now)


def test_an_item_is_referred_once(decided: Make, analyst: Person, now: datetime) -> None:
    first, second = decided(), decided()
    draft_referral(item_ids=[first.pk], actor=analyst, now=now)
    draft_referral(item_ids=[first.pk, second.pk], actor=analyst, now=now)
    with pytest.raises(NotReferable, match="already"):
        draft_referral(item_ids=[first.pk], actor=analyst, now=now)


def test_a_draft_that_nobody_approved_lapses_and_gives_its_items_back(
    decided: Make, analyst: Person, now: datetime
) -> None:
    item = decided()
    old = draft_referral(item_ids=[item.pk], actor=analyst, now=now)
    new = draft_referral(item_ids=[item.pk], actor=analyst, now=now + timedelta(days=1))
    old.refresh_from_db()
    assert (old.state, new.state) == (ReferralState.LAPSED, ReferralState.DRAFTED)


def test_practice_has_a_partner_of_its_own(identity: str) -> None:
    assert str(x25519.Identity.from_str(identity.strip()).to_public()) == partner().key


@pytest.mark.parametrize("key", ["", "age1nothing", "practice"])
def test_production_wants_the_key_of_the_police(settings: Any, identity: str, key: str) -> None:
    """Not none, not a mistyped one, and not the one that practice made."""
    settings.POLICE_KEY = partner().key if key == "practice" else key
    settings.PRACTICE = False
    with pytest.raises(Misconfigured, match="OPENHOTLINE_POLICE_KEY"):
        partner()


def test_a_manifest_that_no_partner_would_read_is_not_signed() -> None:
    check_manifest("x" * LONGEST_MANIFEST)
    with pytest.raises(NotReferable, match="Draft two referrals"):
        check_manifest("x" * (LONGEST_MANIFEST + 1))
