"""Items to be listed: a few bytes each, sealed for real."""

import secrets
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.core.clock import now as present
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.hashlists.models import Entry, Listable, Member, Release, Routine, Terms
from openhotline.hashlists.models.their_formats import Theirs
from openhotline.hashlists.policies import scopes_of
from openhotline.hashlists.queries.served import served_folder
from openhotline.hashlists.services.admit_member import admit_member
from openhotline.hashlists.services.begin_routine import begin_routine
from openhotline.hashlists.services.build_edition import build_edition
from openhotline.hashlists.services.draft_member import Papers, draft_member
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.draft_routine import draft_routine
from openhotline.hashlists.services.import_theirs import Origin, Taken, import_theirs
from openhotline.hashlists.services.keep_live_addresses import keep_live_addresses
from openhotline.hashlists.services.list_items import list_items
from openhotline.hashlists.services.make_member_key import make_member_key
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.serve_release import serve_release
from openhotline.hashlists.states import IdentityCheck, MemberPurpose, SealedKind
from openhotline.hashlists.tests.asking import Machine
from openhotline.hashlists.tests.giving import BOTH, MD5, ORIGIN, OURS, THEIRS, entry_of
from openhotline.hashlists.tests.sealing import Keyring
from openhotline.intake.models import Address
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.states import Scope

MakeMember = Callable[..., Member]
MakeItem = Callable[..., Item]
MakeEntry = Callable[..., Entry]


@pytest.fixture
def make_item(db: None, now: datetime) -> MakeItem:
    def make(pdq: str | None = None, data: bytes | None = None, canonical: str = "") -> Item:
        address = Address.objects.create(lookup=secrets.token_hex(8), raw="x", canonical="x", first_seen_at=now)
        file = SealableFile(data=data or secrets.token_bytes(16), address_id=address.pk)
        (item,) = seal_files(files=[file], now=now)
        item.pdq, item.quality, item.pdq_canonical = pdq, None if pdq is None else 100, canonical
        item.save(update_fields=["pdq", "quality", "pdq_canonical"])
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


@pytest.fixture
def approved(make_entry: MakeEntry, senior: Person, manager: Person, now: datetime) -> Release:
    """A release that two people agreed on, and that nobody has published."""
    make_entry()
    drafted = draft_release(actor=senior, now=now)
    approval = approval_of("release", drafted.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=drafted.manifest_sha256, actor=manager, now=now)
    return drafted


@pytest.fixture(autouse=True)
def nothing_served_yet() -> None:
    """Each test begins with an empty match service; the files of the one before are as if a machine was set up anew."""
    shutil.rmtree(served_folder())


@pytest.fixture
def papers(now: datetime) -> Papers:
    return Papers(IdentityCheck.REGISTER, now.date(), "a" * 64, now.date())


@pytest.fixture
def make_member(senior: Person, manager: Person, papers: Papers, now: datetime) -> MakeMember:
    """Draft, approve by another person, admit."""

    def make(name: str = "Example Platform", **terms: object) -> Member:
        partner = add_partner(name=name, hourly=1, actor="test", now=now)
        agreed = Terms(**{"download": True, **terms})  # type: ignore[arg-type] # whatever a test gives
        drafted = draft_member(
            partner=partner, purpose=MemberPurpose.UPLOADS, papers=papers, terms=agreed, actor=senior, now=now
        )
        approval = approval_of("member", drafted.public_id)
        assert approval is not None
        approve(approval_id=approval.pk, manifest_sha256=approval.manifest_sha256, actor=manager, now=now)
        return admit_member(member=drafted, actor=senior, now=now)

    return make


@pytest.fixture
def machine_of(senior: Person) -> Callable[..., Machine]:
    """Give a member a key, and with it a machine that asks."""

    def give(member: Member, *scopes: Scope) -> Machine:
        moment = present()
        _, text = make_member_key(
            member=member,
            scopes=scopes or scopes_of(member.agreed),
            expires_at=moment + timedelta(days=30),
            actor=senior,
            now=moment,
        )
        return Machine(text)

    return give


@pytest.fixture
def publish(release: Callable[[], Release]) -> Callable[..., Release]:
    """Publish what is listed, serve it, and build these members' editions."""

    def out(*members: Member) -> Release:
        done = release()
        serve_release(version=done.version, actor="step:test", now=present())
        for one in members:
            build_edition(member=one, version=done.version, actor="step:test", now=present())
        return done

    return out


@pytest.fixture
def ring() -> Keyring:
    """A member's age key pair."""
    return Keyring()


@pytest.fixture
def show(make_entry: MakeEntry, now: datetime) -> Callable[..., int]:
    """A confirmed picture stands live at an address; return the address's key."""

    def stand(address: str = "https://site.example/a", **facts: object) -> int:
        entry = make_entry(**facts)
        sighting = Sighting.objects.filter(item=entry.item, address__isnull=False).select_related("address")[0]
        assert sighting.address is not None
        sighting.address.canonical = address
        sighting.address.save(update_fields=["canonical"])
        keep_live_addresses(address_ids=[sighting.address.pk], live=True, actor="step:test", now=now)
        return sighting.address.pk

    return stand


@pytest.fixture
def begin(senior: Person, manager: Person, now: datetime) -> Callable[..., Routine]:
    """Two people approve that a list is released by the clock for two weeks, and it begins."""

    def approved(kind: SealedKind = SealedKind.ADDRESSES, most_new: int = 3) -> Routine:
        until = now + timedelta(days=14)
        drafted = draft_routine(kind=kind, most_new=most_new, until=until, actor=senior, now=now)
        approval = approval_of("routine", drafted.public_id)
        assert approval is not None
        approve(approval_id=approval.pk, manifest_sha256=drafted.manifest_sha256(), actor=manager, now=now)
        return begin_routine(routine=drafted, actor=senior, now=now)

    return approved


@pytest.fixture
def routine(begin: Callable[..., Routine]) -> Routine:
    """Two people approved releases of the list of addresses by the clock for two weeks."""
    return begin()


@pytest.fixture
def on(settings: LazySettings) -> LazySettings:
    """The operator turned the exploitative stream on."""
    settings.EXPLOITATIVE_STREAM = True
    return settings


@pytest.fixture
def give(on: LazySettings, now: datetime) -> Callable[..., Taken]:
    """A partner gives lines of its exploitative list."""

    def lines(*some: Theirs, file: str = "a" * 64, origin: Origin = ORIGIN) -> Taken:
        return import_theirs(origin=origin, file_sha256=file, start=0, lines=some, actor="test", now=now)

    return lines


@pytest.fixture
def both(give: Callable[..., Taken], make_entry: MakeEntry, make_member: MakeMember) -> tuple[Entry, Entry, Member]:
    """One entry that people here confirmed, one that a partner's list gave, and a member that agreed to both."""
    ours = make_entry(pdq=OURS)
    assert give(*entry_of(1, "e1", md5=MD5, pdq=THEIRS)) == Taken(2, 0, 0)
    theirs = Entry.objects.exclude(pk=ours.pk).get()
    return ours, theirs, make_member(streams=BOTH, see_ids=True, see_distances=True)
