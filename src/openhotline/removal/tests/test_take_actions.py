"""What the other hotline did comes back, and is looked at rather than believed."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.core import models as core
from openhotline.removal.errors import HandoverRefused
from openhotline.removal.models import HandedOver, Handover, Removal
from openhotline.removal.models.handover_file import OurShape
from openhotline.removal.services.hand_abroad import hand_abroad
from openhotline.removal.services.take_actions import take_actions
from openhotline.removal.states import RemovalState


@pytest.fixture
def handed(
    waiting: Callable[[int], list[Removal]], settings: Any, tmp_path: Path, senior: Person, now: datetime
) -> list[Removal]:
    settings.HOTLINES = tmp_path / "hotlines.toml"
    key = x25519.Identity.generate().to_public()
    settings.HOTLINES.write_text(f'[[hotline]]\nname = "x"\ncountry = "GB"\nage_key = "{key}"\nsource = "x"\n')
    removals = waiting(2)
    hand_abroad(country="GB", actor=senior, now=now)
    return removals


def actions(now: datetime, *said: tuple[Removal, str], **changes: object) -> bytes:
    at = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    rows = [{"reference": one.address.public_id, "action": action, "reason": "r", "at": at} for one, action in said]
    name = Handover.objects.get().public_id
    whole = {"format": "openhotline-actions/1", "handover": name, "practice": True, "actions": rows}
    return json.dumps(whole | changes).encode()


@pytest.mark.django_db
def test_removed_is_looked_at_and_what_is_given_back_is_ours_again(
    handed: list[Removal], senior: Person, now: datetime
) -> None:
    one, two = handed
    content = actions(now, (one, "removed"), (two, "not_here"))
    assert [take_actions(content=content, actor=senior, now=now) for _ in range(2)] == [2, 0]
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, one.next_check_at) == (RemovalState.ABROAD, now)
    assert (two.state, "not here" in two.sentence) == (RemovalState.OPENED, True)
    assert core.Event.objects.filter(kind="RemovalsOpened").latest("pk").ids == [two.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"handover": f"hnd_{'a' * 26}"}, {"practice": False}, {"format": "x"}, {"actions": []}, {"photo": ""}]
)
def test_what_is_not_about_our_handover_is_refused_whole(
    handed: list[Removal], senior: Person, now: datetime, changes: dict[str, object]
) -> None:
    with pytest.raises(HandoverRefused):
        take_actions(content=actions(now, (handed[0], "removed"), **changes), actor=senior, now=now)
    assert not HandedOver.objects.exclude(action="").exists()


@pytest.mark.django_db
def test_an_older_word_does_not_undo_a_newer_one(handed: list[Removal], senior: Person, now: datetime) -> None:
    take_actions(content=actions(now, (handed[0], "not_here")), actor=senior, now=now)
    assert take_actions(content=actions(now - timedelta(hours=1), (handed[0], "taken")), actor=senior, now=now) == 0
    assert HandedOver.objects.filter(action="not_here").count() == 1


@given(
    st.binary(max_size=80)
    | st.dictionaries(
        st.sampled_from(["format", "handover", "actions", "practice", "x"]), st.text(max_size=9) | st.booleans()
    ).map(lambda said: json.dumps(said).encode())
)
def test_whatever_comes_back_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(HandoverRefused):
        OurShape().read(content)
