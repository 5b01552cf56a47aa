"""What is hosted abroad is sealed for the hotline of that country."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.core.errors import Missing, NotNow
from openhotline.removal.errors import HandoverRefused
from openhotline.removal.models import Removal
from openhotline.removal.models.handover_file import opened
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.hand_abroad import hand_abroad
from openhotline.removal.services.recheck_due import recheck_due
from openhotline.removal.states import RemovalState

pytestmark = pytest.mark.django_db
Waiting = Callable[[int], list[Removal]]


@pytest.fixture
def identity(settings: Any, tmp_path: Path) -> str:
    """The key of the hotline of GB, as which the practice registry's country stands in."""
    key = x25519.Identity.generate()
    settings.HOTLINES = tmp_path / "hotlines.toml"
    row = f'name = "Example Hotline"\ncountry = "GB"\nage_key = "{key.to_public()}"\nsource = "x"\n'
    settings.HOTLINES.write_text(f"[[hotline]]\n{row}")
    return str(key)


def test_only_the_other_hotline_opens_it_and_it_holds_hashes_and_no_picture(
    waiting: Waiting, identity: str, senior: Person, now: datetime
) -> None:
    waiting(2)
    handed = hand_abroad(country="gb", actor=senior, now=now)
    content = json.loads(opened(handed.file, identity))
    assert (content["format"], content["heading"]) == ("openhotline-handover/1", "PRACTICE - NOT FINDINGS")
    assert [one["reference"][:4] for one in content["addresses"]] == ["adr_", "adr_"]
    (item,) = content["addresses"][0]["items"]
    assert set(item) == {"hashes", "ai_involvement", "jurisdiction", "outcome", "category", "provision"}
    with pytest.raises(HandoverRefused):
        opened(handed.file, str(x25519.Identity.generate()))


def test_what_is_with_them_is_watched_here_and_noticed_by_nobody_else(
    waiting: Waiting, identity: str, senior: Person, now: datetime, authority: object
) -> None:
    (removal,) = waiting(1)
    hand_abroad(country="GB", actor=senior, now=now)
    assert find_hosts(ids=[removal.pk], actor="step:x", now=now) == 0
    removal.refresh_from_db()
    assert removal.state == RemovalState.ABROAD
    assert removal.next_check_at is not None
    assert recheck_due(actor="step:x", now=removal.next_check_at, clock=lambda: removal.next_check_at).missed == 1
    with pytest.raises(NotNow):
        hand_abroad(country="GB", actor=senior, now=now)


def test_a_country_without_a_hotline_is_a_sentence(identity: str, senior: Person, now: datetime) -> None:
    with pytest.raises(Missing, match="names: GB"):
        hand_abroad(country="NL", actor=senior, now=now)
