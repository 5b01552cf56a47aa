"""What is no longer so is withdrawn, and the partner is told what is."""

import io
import json
import tarfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.assessment.models import Outcome
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.evidence.models import Item
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import Referral
from openhotline.referral.queries import partner_folder, to_withdraw, withdrawal_path
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.referral.services.hand_over import hand_over
from openhotline.referral.services.withdraw_referral import withdraw_referral
from openhotline.referral.states import ReferralState, WithdrawnBecause

pytestmark = pytest.mark.django_db
Build = Callable[..., Referral]


def opened(path: Path, identity: str) -> dict[str, Any]:
    """What the partner reads in a sealed file of one document."""
    plain = pyrage.decrypt(path.read_bytes(), [x25519.Identity.from_str(identity.strip())])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        (member,) = tar.getmembers()
        content = tar.extractfile(member)
        assert content is not None
        return dict(json.loads(content.read()))


def test_a_referral_whose_item_is_criminal_no_more_is_shown_to_people(built: Build) -> None:
    done = built()
    assert to_withdraw() == []
    Outcome.objects.update(criminal=False, kind="not_criminal")
    assert to_withdraw() == [done]


def test_the_partner_is_told_what_is_so_now(built: Build, senior: Person, now: datetime, identity: str) -> None:
    done = hand_over(referral_id=built().pk, actor="step:x", now=now)
    Outcome.objects.update(criminal=False, kind="not_criminal")
    gone = withdraw_referral(referral_id=done.pk, because=WithdrawnBecause.DECISION, actor=senior, now=now)
    told = opened(partner_folder() / f"{done.public_id}.withdrawn.age", identity)
    assert (gone.state, gone.withdrawn_because) == (ReferralState.WITHDRAWN, "decision")
    assert (told["package_sha256"], told["because"]) == (done.package_sha256, "decision")
    assert told["items"][0]["outcomes"][0]["kind"] == "not_criminal"
    assert (told["heading"], senior.name in json.dumps(told)) == ("PRACTICE - NOT FINDINGS", False)
    assert Record.objects.get(action="referral_withdrawn").detail["reason"] == "decision"
    assert to_withdraw() == []


def test_a_package_that_was_not_handed_over_leaves_no_more(built: Build, senior: Person, now: datetime) -> None:
    done = built()
    withdraw_referral(referral_id=done.pk, because=WithdrawnBecause.MISTAKE, actor=senior, now=now)
    assert withdrawal_path(done.public_id).exists()
    assert not (partner_folder() / withdrawal_path(done.public_id).name).exists()
    with pytest.raises(NotReferable, match="withdrawn"):
        hand_over(referral_id=done.pk, actor=senior, now=now)


def test_twice_is_once(built: Build, senior: Person, now: datetime) -> None:
    key = built().pk
    for _ in range(2):
        withdraw_referral(referral_id=key, because=WithdrawnBecause.LAW, actor=senior, now=now)
    assert Record.objects.filter(action="referral_withdrawn").count() == 1


def test_a_draft_is_not_withdrawn_and_an_analyst_withdraws_nothing(
    decided: Callable[..., Item], built: Build, analyst: Person, senior: Person, now: datetime
) -> None:
    drafted = draft_referral(item_ids=[decided().pk], actor=analyst, now=now)
    with pytest.raises(NotReferable, match="never went out"):
        withdraw_referral(referral_id=drafted.pk, because=WithdrawnBecause.LAW, actor=senior, now=now)
    with pytest.raises(NotAllowed):
        withdraw_referral(referral_id=built().pk, because=WithdrawnBecause.LAW, actor=analyst, now=now)
