"""Items to be listed: a few bytes each, sealed for real."""

import secrets
from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.evidence.models import Item
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.hashlists.models import Entry, Listable, Release
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.list_items import list_items
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.intake.models import Address

MakeItem = Callable[..., Item]
MakeEntry = Callable[..., Entry]


@pytest.fixture
def make_item(db: None, now: datetime) -> MakeItem:
    def make(pdq: str | None = None, data: bytes | None = None) -> Item:
        address = Address.objects.create(lookup=secrets.token_hex(8), raw="x", canonical="x", first_seen_at=now)
        file = SealableFile(data=data or secrets.token_bytes(16), address_id=address.pk)
        (item,) = seal_files(files=[file], now=now)
        item.pdq, item.quality = pdq, None if pdq is None else 100
        item.save(update_fields=["pdq", "quality"])
        return item

    return make


@pytest.fixture
def listable() -> Callable[..., Listable]:
    def offer(item: Item, **facts: object) -> Listable:
        known = {
            "ai_involvement": "wholly_synthetic",
            "real_child": "",
            "jurisdiction": "GB-EAW",
            "outcome": "pseudo_photograph",
            "category": "B",
            "provision": "Protection of Children Act 1978 s1",
            "consensus": 2,
        }
        return Listable(item_id=item.pk, **{**known, **facts})

    return offer


@pytest.fixture
def make_entry(make_item: MakeItem, listable: Callable[..., Listable], now: datetime) -> MakeEntry:
    def make(item: Item | None = None, pdq: str | None = None, **facts: object) -> Entry:
        (entry,) = list_items(listables=[listable(item or make_item(pdq), **facts)], actor="step:test", now=now)
        return entry

    return make


@pytest.fixture
def release(senior: Person, manager: Person, now: datetime) -> Callable[[], Release]:
    """Draft, approve by another person, publish."""

    def publish() -> Release:
        drafted = draft_release(actor=senior, now=now)
        approval = approval_of("release", drafted.public_id)
        assert approval is not None
        approve(approval_id=approval.pk, manifest_sha256=drafted.manifest_sha256, actor=manager, now=now)
        return publish_release(release_id=drafted.pk, actor=senior, now=now)

    return publish
