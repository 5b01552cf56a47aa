"""Each member is given a list sealed to its own key, signed, with addresses that stand in its list alone."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyrage import DecryptError

from openhotline.core.keys import signer
from openhotline.hashlists.errors import ReleaseRefused
from openhotline.hashlists.models import Member, Routine, SealedEdition
from openhotline.hashlists.models.edition_file import Copy, apply_changes, verify_edition
from openhotline.hashlists.queries.sealed import sealed_changes_path, sealed_folder, sealed_path, whose
from openhotline.hashlists.states import SealedKind
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


def test_a_member_opens_verifies_and_reads_it(
    show: Show, routine: Routine, member: Member, ring: Keyring, now: datetime, tmp_path: Path
) -> None:
    show("https://site.example/a")
    out(now, member)
    opened = ring.open(sealed_path(member, KIND, 1).read_bytes())
    file = tmp_path / "addresses.jsonl"
    file.write_bytes(opened.plain)
    key = signer("release.key").public_key()
    assert verify_edition(file, key=key, member=member.public_id, practice=True).version == 1
    assert "https://site.example/a" in [one["address"] for one in opened.of_kind("entry")]
    assert (opened.manifest["list"], opened.manifest["heading"]) == ("addresses", "PRACTICE - NOT FINDINGS")


def test_nobody_else_opens_it_and_no_address_stands_in_clear_in_any_file(
    show: Show, routine: Routine, member: Member, now: datetime
) -> None:
    show("https://site.example/a")
    out(now, member)
    with pytest.raises(DecryptError):
        Keyring().open(sealed_path(member, KIND, 1).read_bytes())
    files = [one for folder in (sealed_folder(KIND), sealed_path(member, KIND, 1).parent) for one in folder.glob("*")]
    assert files
    assert not any(b"site.example" in one.read_bytes() for one in files if one.is_file())


def test_changes_of_another_member_fit_nothing(
    show: Show, routine: Routine, member: Member, make_member: MakeMember, ring: Keyring, now: datetime
) -> None:
    other = make_member("Other", addresses=True, age_key=ring.public)
    show("https://site.example/a")
    out(now, member, other)
    show("https://site.example/b")
    out(now + HALF_DAY, member, other)
    key = signer("release.key").public_key()
    first = ring.open(sealed_path(other, KIND, 2).read_bytes())
    theirs = ring.open(sealed_changes_path(member, KIND, 2).read_bytes()).plain
    with pytest.raises(ReleaseRefused, match="another member"):
        apply_changes({}, _state_of(first.plain, other), io.BytesIO(theirs), key, practice=True)


def test_a_member_is_given_its_streams_alone(
    show: Show, routine: Routine, make_member: MakeMember, ring: Keyring, now: datetime
) -> None:
    member = make_member(addresses=True, age_key=ring.public, streams=("ordinary",))
    show("https://site.example/made")
    show("https://site.example/taken", ai_involvement="none_seen")
    out(now, member)
    plain = ring.open(sealed_path(member, KIND, 1).read_bytes()).plain
    assert b"/taken" in plain
    assert b"/made" not in plain


def test_a_list_that_leaked_says_whose_it_was(
    show: Show, routine: Routine, member: Member, make_member: MakeMember, ring: Keyring, now: datetime
) -> None:
    """By made-up addresses alone, as a list of addresses leaks without its ids."""
    other = make_member("Other", addresses=True, age_key=ring.public)
    show("https://site.example/a")
    out(now, member, other)
    opened = ring.open(sealed_path(other, KIND, 1).read_bytes())
    leaked = "\n".join(one["address"] for one in opened.of_kind("entry"))
    assert list(whose(leaked)) == [other]


def test_other_streams_are_no_changes_but_the_whole_again(
    show: Show, routine: Routine, member: Member, now: datetime
) -> None:
    show("https://site.example/a")
    out(now, member)
    member.terms = {**member.terms, "streams": ["ordinary"]}
    member.save(update_fields=["terms"])
    show("https://site.example/b", ai_involvement="none_seen")
    out(now + HALF_DAY, member)
    edition = SealedEdition.objects.get(version=2)
    assert (edition.follows, sealed_changes_path(member, KIND, 2).exists()) == (None, False)


def _state_of(plain: bytes, member: Member) -> Copy:
    manifest = json.loads(plain.splitlines()[0])
    return Copy(member.public_id, manifest["version"], int(manifest["state"], 16))
