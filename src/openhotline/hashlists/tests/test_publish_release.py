"""A release goes out when two people have signed exactly it, and cannot be changed afterwards."""

import json
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from openhotline.accounts.errors import NeedsTwoPeople, NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.core.keys import signer
from openhotline.hashlists.errors import ReleaseRefused
from openhotline.hashlists.models import Entry, Release, verify_release_file
from openhotline.hashlists.queries import draft_path, release_path, verified_release
from openhotline.hashlists.services import publish_release as operation
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import ReleaseState, WithdrawalReason

pytestmark = pytest.mark.django_db
MakeEntry = Callable[..., Entry]
Publish = Callable[[], Release]


def approved(drafted: Release, by: Person, now: datetime) -> None:
    approval = approval_of("release", drafted.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=drafted.manifest_sha256, actor=by, now=now)


def entry_lines(release: Release) -> list[dict[str, object]]:
    return [json.loads(line) for line in release_path(release.version).read_text().splitlines()[2:]]


def test_two_people_publish_a_signed_file(make_entry: MakeEntry, release: Publish) -> None:
    make_entry()
    out = release()
    path = release_path(1)
    assert (out.state, out.version) == (ReleaseState.PUBLISHED, 1)
    assert verified_release(path, version=1).entries == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not draft_path(out.public_id).exists()


def test_one_person_is_not_enough(make_entry: MakeEntry, senior: Person, now: datetime) -> None:
    make_entry()
    drafted = draft_release(actor=senior, now=now)
    with pytest.raises(NeedsTwoPeople):
        approved(drafted, senior, now)
    with pytest.raises(NotApproved, match="second person"):
        publish_release(release_id=drafted.pk, actor=senior, now=now)
    assert not release_path(drafted.version).with_suffix(".part").exists()


def test_planted_bug_without_the_check_one_person_would_publish(
    make_entry: MakeEntry, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_entry()
    drafted = draft_release(actor=senior, now=now)
    monkeypatch.setattr(operation, "check_approved", lambda *_: None)
    monkeypatch.setattr(operation, "use_approval", lambda **_: None)
    assert publish_release(release_id=drafted.pk, actor=senior, now=now).state == ReleaseState.PUBLISHED


def test_an_approval_holds_for_a_day(make_entry: MakeEntry, senior: Person, manager: Person, now: datetime) -> None:
    make_entry()
    drafted = draft_release(actor=senior, now=now)
    approved(drafted, manager, now)
    with pytest.raises(NotApproved, match="expired"):
        publish_release(release_id=drafted.pk, actor=senior, now=now + timedelta(hours=24))


def test_what_was_approved_is_what_is_published(
    make_entry: MakeEntry, senior: Person, manager: Person, now: datetime
) -> None:
    make_entry()
    drafted = draft_release(actor=senior, now=now)
    approved(drafted, manager, now)
    path = draft_path(drafted.public_id)
    path.write_bytes(path.read_bytes().replace(b"wholly_synthetic", b"none_seen"))
    with pytest.raises(NotApproved, match="not the one that was approved"):
        publish_release(release_id=drafted.pk, actor=senior, now=now)
    Release.objects.update(manifest={**drafted.manifest, "entries": 9})
    with pytest.raises(NotApproved, match="is not this release"):
        publish_release(release_id=drafted.pk, actor=senior, now=now)


def test_an_entry_withdrawn_meanwhile_stops_the_release(
    make_entry: MakeEntry, senior: Person, manager: Person, now: datetime
) -> None:
    entry = make_entry()
    drafted = draft_release(actor=senior, now=now)
    approved(drafted, manager, now)
    withdraw_entry(entry=entry.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    with pytest.raises(NotApproved, match="withdrawn since"):
        publish_release(release_id=drafted.pk, actor=senior, now=now)
    assert Release.objects.get().state == ReleaseState.DRAFTED


def test_an_older_draft_never_follows_a_newer_version(
    make_entry: MakeEntry, senior: Person, manager: Person, now: datetime, release: Publish
) -> None:
    make_entry()
    older = draft_release(actor=senior, now=now)
    approved(older, manager, now)
    assert release().version == 2
    with pytest.raises(NotApproved, match="Version 2 is out already"):
        publish_release(release_id=older.pk, actor=senior, now=now)
    assert not draft_path(older.public_id).exists()


def test_published_twice_is_published_once(
    make_entry: MakeEntry, release: Publish, senior: Person, now: datetime
) -> None:
    make_entry()
    out = release()
    before = release_path(1).read_bytes()
    publish_release(release_id=out.pk, actor=senior, now=now + timedelta(days=9))
    assert release_path(1).read_bytes() == before


def test_each_line_says_since_when_so_that_any_older_copy_can_be_brought_up(
    make_entry: MakeEntry, release: Publish, senior: Person, now: datetime
) -> None:
    stays, goes = make_entry(), make_entry()
    release()
    withdraw_entry(entry=goes.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    comes = make_entry()
    second = release()
    told = {(line["kind"], line["entry"], line["since"]) for line in entry_lines(second)}
    assert told == {("entry", stays.public_id, 1), ("entry", comes.public_id, 2), ("tombstone", goes.public_id, 2)}
    assert (second.manifest["previous"], second.manifest["delta"]) == (
        1,
        {"added": 1, "changed": 0, "withdrawn": 1},
    )


def test_a_tombstone_stays(make_entry: MakeEntry, release: Publish, senior: Person, now: datetime) -> None:
    goes = make_entry()
    release()
    withdraw_entry(entry=goes.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    release()
    make_entry()
    assert {"kind": "tombstone", "entry": goes.public_id, "since": 2} in entry_lines(release())


@pytest.fixture
def published(make_entry: MakeEntry, release: Publish) -> Path:
    make_entry()
    make_entry()
    release()
    return release_path(1)


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(published: Path, tmp_path: Path, place: int, bit: int) -> None:
    content = bytearray(published.read_bytes())
    content[place % len(content)] ^= 1 << bit
    changed = tmp_path / "1.jsonl"
    changed.write_bytes(content)
    with pytest.raises(ReleaseRefused):
        verified_release(changed)


def test_a_signature_written_in_another_way_is_refused(published: Path) -> None:
    first, second, rest = published.read_bytes().split(b"\n", 2)
    other = json.dumps({"signature": json.loads(second)["signature"].upper()}, separators=(",", ":")).encode()
    published.write_bytes(b"\n".join((first, other, rest)))
    with pytest.raises(ReleaseRefused, match="not written as we write it"):
        verified_release(published)


@pytest.mark.parametrize("change", [lambda all_of_it: all_of_it[:-1], lambda all_of_it: all_of_it + b"\n"])
def test_a_cut_or_longer_file_is_refused(published: Path, change: Callable[[bytes], bytes]) -> None:
    published.write_bytes(change(published.read_bytes()))
    with pytest.raises(ReleaseRefused, match="not those that were signed"):
        verified_release(published)


def test_another_version_than_asked_for_and_an_older_one_are_refused(published: Path) -> None:
    key = signer("release.key").public_key()
    with pytest.raises(ReleaseRefused, match="version 2 was asked for"):
        verify_release_file(published, key=key, practice=True, version=2)
    with pytest.raises(ReleaseRefused, match="version 1 is here already"):
        verify_release_file(published, key=key, practice=True, newer_than=1)


def test_a_practice_release_is_refused_in_production(published: Path) -> None:
    with pytest.raises(ReleaseRefused, match="practice mode"):
        verify_release_file(published, key=signer("release.key").public_key(), practice=False)


def test_another_publishers_release_is_refused(published: Path) -> None:
    with pytest.raises(ReleaseRefused, match="another publisher's"):
        verify_release_file(published, key=Ed25519PrivateKey.generate().public_key(), practice=True)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReleaseRefused, match=r"9\.jsonl cannot be read"):
        verified_release(tmp_path / "9.jsonl")
