"""The list of live addresses goes out by the clock, within what two people approved, sealed to each member."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.models import Record
from openhotline.core.keys import signer
from openhotline.hashlists.models import Entry, ListedAddress, Member, Routine
from openhotline.hashlists.models.edition_file import Copy, apply_changes
from openhotline.hashlists.queries import verified_release
from openhotline.hashlists.queries.sealed import held_routines, sealed_changes_path, sealed_folder, sealed_path
from openhotline.hashlists.services.end_routine import end_routine
from openhotline.hashlists.services.keep_live_addresses import keep_live_addresses
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import RoutineState, SealedKind, WithdrawalReason
from openhotline.hashlists.tests.sealing import Keyring, out

pytestmark = pytest.mark.django_db
KIND = SealedKind.ADDRESSES
HALF_DAY = timedelta(hours=12)
MakeMember = Callable[..., Member]
Show = Callable[..., int]
Begin = Callable[..., Routine]


@pytest.fixture
def member(make_member: MakeMember, ring: Keyring) -> Member:
    return make_member(addresses=True, age_key=ring.public)


def test_it_goes_out_twice_daily_and_only_when_something_changed(
    show: Show, routine: Routine, member: Member, now: datetime
) -> None:
    show("https://site.example/a")
    assert out(now) is not None
    show("https://site.example/b")
    assert out(now + HALF_DAY - timedelta(seconds=1)) is None
    assert out(now + HALF_DAY) is not None
    assert out(now + 2 * HALF_DAY) is None


def test_what_is_no_longer_live_or_confirmed_leaves_by_changes_and_comes_back(
    show: Show, routine: Routine, member: Member, ring: Keyring, senior: Person, now: datetime
) -> None:
    gone, wrong = show("https://site.example/a"), show("https://site.example/b")
    out(now, member)
    key = signer("release.key").public_key()
    first = ring.open(sealed_path(member, KIND, 1).read_bytes())
    copy = {name: _line(first.plain, name) for name in first.lines}
    keep_live_addresses(address_ids=[gone], live=False, actor="step:test", now=now)
    entry = Entry.objects.get(item__sightings__address=wrong)
    withdraw_entry(entry=entry.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    out(now + HALF_DAY, member)
    keep_live_addresses(address_ids=[gone], live=True, actor="step:test", now=now)
    out(now + 2 * HALF_DAY, member)
    at = _state_of(first.plain, member)
    for version in (2, 3):
        plain = ring.open(sealed_changes_path(member, KIND, version).read_bytes()).plain
        at = apply_changes(copy, at, io.BytesIO(plain), key, practice=True)
    whole = ring.open(sealed_path(member, KIND, 3).read_bytes())
    assert copy == {name: _line(whole.plain, name) for name in whole.lines}
    names = dict(ListedAddress.objects.values_list("address", "public_id"))
    assert [whole.lines[names[one]]["kind"] for one in (gone, wrong)] == ["entry", "tombstone"]


def test_more_than_was_approved_is_held_until_two_people_approve_more(show: Show, begin: Begin, now: datetime) -> None:
    begin(most_new=1)
    for name in "ab":
        show(f"https://site.example/{name}")
    assert out(now) is None
    assert Routine.objects.get().held_at == now
    assert not ListedAddress.objects.exclude(streams=[]).exists()
    begin(most_new=2)
    assert out(now) is not None


def test_what_was_held_and_is_taken_back_is_held_no_more(show: Show, begin: Begin, now: datetime) -> None:
    begin(most_new=1)
    for name in "ab":
        show(f"https://site.example/{name}")
    assert out(now) is None
    assert held_routines(now) == [Routine.objects.get()]
    ListedAddress.objects.filter(pk=ListedAddress.objects.order_by("pk")[0].pk).update(live=False)
    assert out(now) is not None
    assert held_routines(now) == []


def test_it_ends_with_its_time_by_one_person_and_with_a_signer_who_left(
    show: Show, begin: Begin, senior: Person, manager: Person, now: datetime
) -> None:
    show()
    begin()
    assert out(now + timedelta(days=14)) is None
    assert end_routine(kind=KIND, actor=senior, now=now) == 1
    assert out(now) is None
    last = begin()
    Person.objects.filter(pk=manager.pk).update(role=Role.ANALYST)
    assert out(now) is None
    last.refresh_from_db()
    assert last.state == RoutineState.ENDED


def test_each_version_is_signed_names_nothing_and_is_logged(show: Show, routine: Routine, now: datetime) -> None:
    show("https://site.example/a")
    out(now)
    path = sealed_folder(KIND) / "1.jsonl"
    assert verified_release(path, version=1).entries == 1
    assert set(json.loads(path.read_text().splitlines()[2])) == {"kind", "entry", "since", "streams"}
    assert Record.objects.get(action="sealed_released").detail["version"] == 1


def _line(plain: bytes, name: str) -> bytes:
    return next(line for line in plain.splitlines()[2:] if json.loads(line)["entry"] == name)


def _state_of(plain: bytes, member: Member) -> Copy:

    manifest = json.loads(plain.splitlines()[0])
    return Copy(member.public_id, manifest["version"], int(manifest["state"], 16))
