"""Decided items, and a referral on its way."""

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.assessment.models import Assessment, Decided, Decision, Outcome, VictimFlag
from openhotline.assessment.states import DecisionState, Opinion
from openhotline.evidence.models import Item
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.intake.models import Address
from openhotline.referral.models import Referral, UrgentDraft, partner
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.referral.services.draft_urgent import draft_urgent


@pytest.fixture
def decided(db: None, now: datetime) -> Callable[..., Item]:
    """An item with a published decision."""

    def make(data: bytes | None = None, *, criminal: bool | None = True, **facts: str) -> Item:
        url = "http://127.0.0.1:8090/pictures/1.png"
        address = Address.objects.create(lookup=secrets.token_hex(16), raw=url, canonical=url, first_seen_at=now)
        file = SealableFile(data=data or secrets.token_bytes(700), address_id=address.pk)
        (item,) = seal_files(files=[file], now=now)
        decision = Decision.objects.create(
            item=item, facts=facts, consensus=2, state=DecisionState.PUBLISHED, made_at=now, publish_after=now
        )
        Decided.objects.create(decision=decision, item=item, distance=0)
        Outcome.objects.create(
            decision=decision,
            jurisdiction="GB-EAW",
            as_of=now.date(),
            kind="pseudo_photograph" if criminal else "not_criminal",
            criminal=criminal,
            trace=[],
        )
        return item

    return make


@pytest.fixture
def approved(senior: Person, now: datetime) -> Callable[[Referral], Referral]:
    def sign(referral: Referral) -> Referral:
        approval = approval_of("referral", referral.public_id)
        assert approval is not None
        approve(approval_id=approval.pk, manifest_sha256=referral.manifest_sha256, actor=senior, now=now)
        return referral

    return sign


@pytest.fixture
def built(
    decided: Callable[..., Item], approved: Callable[[Referral], Referral], analyst: Person, now: datetime
) -> Callable[..., Referral]:
    def make(*items: Item) -> Referral:
        keys = [item.pk for item in items or (decided(),)]
        drafted = approved(draft_referral(item_ids=keys, actor=analyst, now=now))
        return build_referral(referral_id=drafted.pk, actor=analyst, now=now)

    return make


@pytest.fixture
def identity(settings: object) -> str:
    """The practice partner's secret key."""
    partner()
    return (Path(settings.VAR) / "keys" / "practice-police.key").read_text()


@pytest.fixture
def flag(decided: Callable[..., Item], analyst: Person, now: datetime) -> VictimFlag:
    """A flag on an item that was seen at an address."""
    facts = {"ai_involvement": "real_picture_altered", "real_child": "not_determined"}
    opinion = Assessment.objects.create(
        item=decided(), person=analyst.public_id, opinion=Opinion.FIRST, facts=facts, made_at=now
    )
    return VictimFlag.objects.create(assessment=opinion, raised_at=now)


@pytest.fixture
def draft(flag: VictimFlag, now: datetime) -> UrgentDraft:
    """The draft that follows it."""
    (made,) = draft_urgent(flags=[flag.pk], actor="step:test", now=now)
    return made
