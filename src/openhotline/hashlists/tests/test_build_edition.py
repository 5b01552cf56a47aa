"""A member's edition: its streams, its canaries, signed; and changes that fit nothing but the copy they lead on."""

import json
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from openhotline.accounts.models import Person
from openhotline.core.clock import now as present
from openhotline.core.keys import signer
from openhotline.hashlists.errors import ReleaseRefused
from openhotline.hashlists.models import Entry, Member, Release
from openhotline.hashlists.models.canaries import CANARIES
from openhotline.hashlists.models.edition_file import Copy, apply_changes, bring_up, verify_edition
from openhotline.hashlists.queries import release_path
from openhotline.hashlists.queries.editions import canaries_of, changes_path, changes_since, edition_path
from openhotline.hashlists.queries.sealed import whose
from openhotline.hashlists.services.build_edition import build_edition
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import Stream, WithdrawalReason

pytestmark = pytest.mark.django_db
MakeEntry = Callable[..., Entry]
Publish = Callable[..., Release]


def copy_of(member: Member, version: int) -> tuple[dict[str, bytes], Copy]:
    """Return a member's verified copy."""
    path = edition_path(member, version)
    at = verify_edition(path, key=signer("release.key").public_key(), member=member.public_id, practice=True)
    return {json.loads(line)["entry"]: line for line in path.read_bytes().splitlines()[2:]}, at


def applied(copy: dict[str, bytes], at: Copy, path: Path) -> Copy:
    with path.open("rb") as file:
        return apply_changes(copy, at, file, signer("release.key").public_key(), practice=True)


@pytest.fixture
def member(make_member: Callable[..., Member]) -> Member:
    return make_member()


@pytest.fixture
def three(make_entry: MakeEntry, publish: Publish, member: Member, senior: Person, now: datetime) -> Member:
    """Three versions: two entries; one goes and one comes; one more comes. Edition 1 is kept aside."""
    first, _ = make_entry(), make_entry()
    publish(member)
    path = edition_path(member, 1)
    aside = path.with_suffix(".kept")
    aside.write_bytes(path.read_bytes())
    withdraw_entry(entry=first.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    make_entry()
    publish(member)
    make_entry()
    publish(member)
    path.write_bytes(aside.read_bytes())
    return member


def test_changes_in_turn_bring_any_copy_to_the_newest_edition(three: Member) -> None:
    copy, at = copy_of(three, 1)
    for path in changes_since(three, 1) or []:
        at = applied(copy, at, path)
    whole, newest = copy_of(three, 3)
    assert (copy, at) == (whole, newest)


def test_what_was_never_changed_is_in_no_changes(three: Member) -> None:
    lines = [json.loads(line) for line in changes_path(three, 2).read_bytes().splitlines()[2:]]
    assert sorted(line["kind"] for line in lines) == ["entry", "tombstone"]


def test_a_copy_in_a_file_is_brought_up_twice_and_never_by_what_does_not_fit(three: Member, tmp_path: Path) -> None:
    copy, key = tmp_path / "list.jsonl", signer("release.key").public_key()
    copy.write_bytes(edition_path(three, 1).read_bytes())
    wanted = {"member": three.public_id, "key": key, "practice": True}
    both = tmp_path / "both"
    both.write_bytes(changes_path(three, 2).read_bytes() + changes_path(three, 3).read_bytes())
    assert bring_up(copy, changes_path(three, 2), **wanted)[0].version == 2
    before = copy.read_bytes()
    with pytest.raises(ReleaseRefused, match="lead on from version 1"):
        bring_up(copy, both, **wanted)
    assert copy.read_bytes() == before
    assert bring_up(copy, changes_path(three, 3), **wanted)[0] == copy_of(three, 3)[1]


def test_changes_left_out_repeated_or_of_another_member_are_refused(
    three: Member, make_member: Callable[..., Member], make_entry: MakeEntry, publish: Publish
) -> None:
    copy, at = copy_of(three, 1)
    before = dict(copy)
    with pytest.raises(ReleaseRefused, match="lead on from version 2"):
        applied(copy, at, changes_path(three, 3))
    after = applied(dict(copy), at, changes_path(three, 2))
    with pytest.raises(ReleaseRefused, match="lead on from version 1"):
        applied(copy, after, changes_path(three, 2))
    other = make_member("Another Platform")
    make_entry()
    publish(other)
    make_entry()
    publish(other)
    with pytest.raises(ReleaseRefused, match="another member"):
        applied(copy, Copy(three.public_id, 4, at.state), changes_path(other, 5))
    assert copy == before


def test_every_changed_byte_of_changes_is_refused_and_the_copy_stays(three: Member, tmp_path: Path) -> None:
    content = changes_path(three, 2).read_bytes()
    copy, at = copy_of(three, 1)
    before = dict(copy)
    for place in range(0, len(content), 7):
        changed = tmp_path / "changed"
        changed.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(ReleaseRefused):
            applied(copy, at, changed)
    assert copy == before


def test_a_member_is_given_its_streams_alone(
    make_member: Callable[..., Member], make_entry: MakeEntry, publish: Publish
) -> None:
    member = make_member(streams=(Stream.ORDINARY,))
    ai, ordinary = make_entry(), make_entry(ai_involvement="", outcome="photograph")
    publish(member)
    copy, _ = copy_of(member, 1)
    assert ordinary.public_id in copy
    assert ai.public_id not in copy


def test_canaries_look_like_entries_stay_what_they_are_and_say_whose_list_it_is(
    three: Member, make_member: Callable[..., Member], publish: Publish, make_entry: MakeEntry
) -> None:
    first, third = edition_path(three, 1).read_bytes(), edition_path(three, 3).read_bytes()
    names = {one.name for one in canaries_of(three)}
    lines = [json.loads(line) for line in first.splitlines()[2:]]
    assert len(names & {line["entry"] for line in lines}) == CANARIES
    assert len({tuple(line) for line in lines}) == 1  # the same fields in each
    assert all(line in third.splitlines() for line in first.splitlines()[2:] if json.loads(line)["entry"] in names)
    other = make_member("Another Platform")
    assert list(whose(first.decode())) == [three]
    make_entry()
    publish(other)
    assert list(whose(edition_path(other, 4).read_text())) == [other]


def test_an_edition_is_built_once(three: Member) -> None:
    assert build_edition(member=three, version=3, actor="step:test", now=present()) == []


def shown(heading: str) -> str:
    """Return the shell lines that docs/operators/members.md gives for checking a file that begins so."""
    page = (Path(__file__).resolve().parents[4] / "docs" / "operators" / "members.md").read_text()
    lines = page.partition("OpenSSL alone then checks")[2].partition("```\n")[2].partition("```")[0]
    return lines.replace("openhotline edition", heading)


@pytest.mark.parametrize("heading", ["openhotline release", "openhotline edition", "openhotline changes"])
def test_openssl_alone_verifies_what_is_signed(three: Member, tmp_path: Path, heading: str) -> None:
    """The lines that the page for operators shows, run as they stand, hold for what we wrote and for nothing else."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    files = {"release": release_path(3), "edition": edition_path(three, 3), "changes": changes_path(three, 3)}
    public = signer("release.key").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "release.pem").write_bytes(public)
    whole = files[heading.removeprefix("openhotline ")].read_bytes()
    for content, wanted in ((whole, "Successfully"), (whole.replace(b'"version":3', b'"version":4', 1), "Failure")):
        (tmp_path / "list.jsonl").write_bytes(content)
        done = subprocess.run(["sh", "-c", shown(heading)], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (
            f"Signature Verif{'ied' if wanted == 'Successfully' else 'ication'} {wanted}" in done.stdout + done.stderr
        )
        manifest = json.loads(content.splitlines()[0])
        assert manifest["body_sha256"] in done.stdout
