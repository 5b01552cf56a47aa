"""A purge is drafted: exactly which items, why, and nothing happens yet."""

from collections.abc import Callable
from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed, NotNow
from openhotline.evidence import policies
from openhotline.evidence.models import Item, Purge, Tombstone
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.states import PurgeReason, PurgeState

pytestmark = pytest.mark.django_db

Draft = Callable[..., Purge]


@pytest.fixture
def draft(operator: Person, now: datetime) -> Draft:
    """Draft a purge of items, named or given."""

    def drafting(*items: Item | str, actor: Person = operator) -> Purge:
        names = [item if isinstance(item, str) else item.public_id for item in items]
        return draft_purge(names=names, reason=PurgeReason.COURT_ORDER, actor=actor, now=now)

    return drafting


def test_it_names_each_item_once_and_waits(draft: Draft, make_item: MakeItem) -> None:
    first, second = make_item(), make_item(case="rep_1")
    drafted = draft(second, first, second)
    named = sorted([first.public_id, second.public_id])
    assert (drafted.state, drafted.names) == (PurgeState.DRAFTED, named)
    assert {one["case"] for one in drafted.manifest["items"]} == {"", "rep_1"}
    approval = approval_of("purge", drafted.public_id)
    assert approval is not None
    assert approval.manifest_sha256 == drafted.manifest_sha256
    assert not Tombstone.objects.exists()
    assert Record.objects.get(action="purge_drafted").count == 2


def test_an_unknown_item_is_named(draft: Draft, make_item: MakeItem) -> None:
    with pytest.raises(Missing, match="no item 'itm_other'"):
        draft(make_item(), "itm_other")
    assert not Purge.objects.exists()


def test_an_item_is_purged_once(draft: Draft, make_item: MakeItem, now: datetime) -> None:
    item = make_item()
    Tombstone.objects.create(item=item, purge=draft(item), at=now)
    with pytest.raises(NotNow, match="purged already"):
        draft(item)


@pytest.mark.parametrize("count", [0, 10_001])
def test_no_more_than_a_person_can_look_at(draft: Draft, count: int) -> None:
    with pytest.raises(NotNow, match=r"1 to 10,000"):
        draft(*(f"itm_{n}" for n in range(count)))


def test_an_analyst_does_not_purge(draft: Draft, make_item: MakeItem, analyst: Person) -> None:
    with pytest.raises(NotAllowed):
        draft(make_item(), actor=analyst)


def test_what_a_later_stage_must_keep_is_not_drafted(
    draft: Draft, make_item: MakeItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, free = make_item(), make_item()
    monkeypatch.setattr(policies, "_keepers", [])
    policies.register_reason_to_keep(
        lambda names, _now: {name: "A legal hold is in force." for name in names if name == held.public_id}
    )
    with pytest.raises(NotNow, match="legal hold"):
        draft(held, free)
    assert draft(free).names == [free.public_id]
