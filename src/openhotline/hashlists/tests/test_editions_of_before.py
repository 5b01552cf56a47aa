"""Releases and editions that were written when lines had fewer names stay good, and are led on from."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from openhotline.core.keys import signer
from openhotline.hashlists.models import Entry, Member, Release
from openhotline.hashlists.models.edition_file import Copy, apply_changes, verify_edition
from openhotline.hashlists.queries import verified_release
from openhotline.hashlists.queries.editions import canaries_of, changes_path, edition_path
from openhotline.hashlists.queries.entries import release_path
from openhotline.hashlists.services import draft_release
from openhotline.hashlists.tests.asking import Machine, picture

pytestmark = pytest.mark.django_db
FORM = "upright-srgb-white/1"
SINCE_THEN = ("pdq_canonical", "legal_bases", "state", "provenance")
Lines = dict[str, bytes]


def without(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line as it was written before."""
    return {name: value for name, value in line.items() if name not in SINCE_THEN}


@pytest.fixture
def member(make_member: Callable[..., Member]) -> Member:
    return make_member(see_ids=True, see_distances=True)


@pytest.fixture
def before(
    make_entry: Callable[..., Entry],
    publish: Callable[..., Release],
    member: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> Member:
    """A member whose edition of two entries, one of them without a picture's hash, an older version of this wrote."""
    make_entry(pdq="c3" * 32)
    make_entry()
    with monkeypatch.context() as older:
        written = draft_release._entry_line
        older.setattr(draft_release, "_entry_line", lambda *told: without(written(*told)))
        publish(member)
    return member


def copy_of(member: Member, version: int) -> tuple[Lines, Copy]:
    """Return a member's verified copy."""
    path = edition_path(member, version)
    at = verify_edition(path, key=signer("release.key").public_key(), member=member.public_id, practice=True)
    return {json.loads(line)["entry"]: line for line in path.read_bytes().splitlines()[2:]}, at


def test_what_was_written_before_is_verified_and_its_canaries_have_the_same_names(before: Member) -> None:
    """Nothing is added to the lines of a release that two people signed, and a canary says no more than they do."""
    assert verified_release(release_path(1), version=1).entries == 2
    copy, _ = copy_of(before, 1)
    assert {tuple(json.loads(line)) for line in copy.values()} == {
        tuple(without(json.loads(next(iter(copy.values())))))
    }


def test_a_copy_of_before_is_led_on_to_lines_that_do_not_tell_canaries_from_entries(
    before: Member, make_entry: Callable[..., Entry], publish: Callable[..., Release]
) -> None:
    """Of what was listed before it is not determined which form was hashed, of entries and of canaries alike."""
    copy, at = copy_of(before, 1)
    make_entry()
    publish(before)
    path = edition_path(before, 1)
    with changes_path(before, 2).open("rb") as file:
        at = apply_changes(copy, at, file, signer("release.key").public_key(), practice=True)
    assert (copy, at) == copy_of(before, 2)
    assert not path.exists()
    lines = [json.loads(line) for line in copy.values()]
    assert len({tuple(line) for line in lines}) == 1
    assert {line["pdq_canonical"] for line in lines} == {"not_determined"}
    assert all(line["legal_bases"] == [line["legal_basis"]] for line in lines)
    assert {line["provenance"] for line in lines} == {"own_assessment"}


def test_of_new_entries_canaries_say_what_the_pictures_beside_them_say(
    make_entry: Callable[..., Entry], make_item: Callable[..., Any], publish: Callable[..., Release], member: Member
) -> None:
    """Where every picture of a list says its form, so does every canary, also beside a video, which has no hash."""
    for pdq in ("c3" * 32, None, None, None, None):
        make_entry(make_item(pdq, canonical=FORM if pdq else ""))
    publish(member)
    lines = [json.loads(line) for line in copy_of(member, 1)[0].values()]
    names = {one.name for one in canaries_of(member)}
    assert {one["pdq_canonical"] for one in lines if one["entry"] in names} == {FORM}


def test_a_match_says_the_form_of_what_is_listed_and_nothing_where_it_was_not_kept(
    before: Member, machine_of: Callable[..., Machine]
) -> None:
    """Beside the distance, where that was agreed; and not of files."""
    (file,) = (json.loads(line) for name, line in copy_of(before, 1)[0].items() if b"c3c3c3c3" in line)
    near, exact = machine_of(before).match(picture("c3" * 32), {"kind": "md5", "hash": file["hashes"]["md5"]})
    assert near["matches"][0]["canonical"] == "not_determined"
    assert "canonical" not in exact["matches"][0]
