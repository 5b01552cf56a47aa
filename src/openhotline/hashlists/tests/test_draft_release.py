"""The first of two people drafts a release."""

import json
import stat
from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.queries import waiting_approvals
from openhotline.core.errors import NotAllowed
from openhotline.evidence.models import Item
from openhotline.evidence.queries import digests_of
from openhotline.hashlists.errors import NothingToRelease
from openhotline.hashlists.models import Entry, LegalBasis, Release
from openhotline.hashlists.queries import draft_path, waiting_release
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason

pytestmark = pytest.mark.django_db
MakeEntry = Callable[..., Entry]


def lines_of(release: Release) -> list[dict[str, object]]:
    return [json.loads(line) for line in draft_path(release.public_id).read_text().splitlines()]


def test_a_draft_holds_every_active_entry_and_asks_for_a_second_person(
    make_entry: MakeEntry, senior: Person, now: datetime
) -> None:
    names = [make_entry().public_id for _ in range(3)]
    drafted = draft_release(actor=senior, now=now)
    assert [line["entry"] for line in lines_of(drafted)] == sorted(names)
    assert waiting_approvals()[0].manifest_sha256 == drafted.manifest_sha256
    assert waiting_release() == drafted


def test_a_line_has_hashes_basis_and_consensus(make_entry: MakeEntry, senior: Person, now: datetime) -> None:
    entry = make_entry(pdq="ab" * 32)
    (line,) = lines_of(draft_release(actor=senior, now=now))
    assert line["hashes"] == {**digests_of(entry.item), "pdq": "ab" * 32}
    assert line["legal_basis"]["category"] == "B"
    assert (line["consensus"], line["since"], line["pdq_quality"]) == (2, 1, 100)


def test_a_line_says_which_form_of_the_picture_was_hashed(
    make_entry: MakeEntry, make_item: Callable[..., Item], senior: Person, now: datetime
) -> None:
    """As the sandbox said when it hashed it."""
    make_entry(make_item("ab" * 32, canonical="upright-srgb-white/1"))
    (line,) = lines_of(draft_release(actor=senior, now=now))
    assert line["pdq_canonical"] == "upright-srgb-white/1"


def test_a_line_has_the_basis_of_each_jurisdiction_the_list_s_own_first(
    make_entry: MakeEntry, senior: Person, now: datetime
) -> None:
    """Of a place whose law does not call it criminal, or of which nothing was determined, there is none."""
    scotland = LegalBasis(jurisdiction="GB-SCT", outcome="pseudo_photograph", category="", provision="CG(S)A 1982 s52")
    make_entry(elsewhere=(scotland,))
    (line,) = lines_of(draft_release(actor=senior, now=now))
    own, other = line["legal_bases"]  # type: ignore[misc] # a list, as JSON has it
    assert own == line["legal_basis"]
    assert other == {
        "jurisdiction": "GB-SCT",
        "outcome": "pseudo_photograph",
        "category": "not_determined",
        "provision": "CG(S)A 1982 s52",
    }


def test_what_nobody_knows_is_said_to_be_not_determined(make_entry: MakeEntry, senior: Person, now: datetime) -> None:
    make_entry(ai_involvement="", category="")
    (line,) = lines_of(draft_release(actor=senior, now=now))
    for name in ("ai_involvement", "real_child", "sharing", "address_live", "pdq_quality", "pdq_canonical"):
        assert line[name] == "not_determined"
    assert line["hashes"]["pdq"] == line["legal_basis"]["category"] == "not_determined"
    assert "no" not in {value for value in line.values() if isinstance(value, str)}


def test_letters_never_apply_to_prohibited_images(make_entry: MakeEntry, senior: Person, now: datetime) -> None:
    make_entry(outcome="prohibited_image", category="")
    (line,) = lines_of(draft_release(actor=senior, now=now))
    assert line["legal_basis"]["category"] == "not_applicable"


def test_the_draft_is_readable_by_its_owner_alone_and_the_database_holds_no_hash(
    make_entry: MakeEntry, senior: Person, now: datetime
) -> None:
    entry = make_entry()
    drafted = draft_release(actor=senior, now=now)
    assert stat.S_IMODE(draft_path(drafted.public_id).stat().st_mode) == 0o600
    assert digests_of(entry.item)["sha256"] not in json.dumps(drafted.manifest)


def test_a_practice_draft_is_headed_practice(make_entry: MakeEntry, senior: Person, now: datetime) -> None:
    make_entry()
    drafted = draft_release(actor=senior, now=now)
    assert (drafted.manifest["practice"], drafted.manifest["heading"]) == (True, "PRACTICE - NOT FINDINGS")


def test_an_entry_withdrawn_before_it_ever_went_out_leaves_no_trace(
    make_entry: MakeEntry, senior: Person, now: datetime
) -> None:
    make_entry()
    gone = make_entry().public_id
    withdraw_entry(entry=gone, reason=WithdrawalReason.LISTED_BY_MISTAKE, actor=senior, now=now)
    assert gone not in str(lines_of(draft_release(actor=senior, now=now)))


def test_with_nothing_new_there_is_nothing_to_draft(
    make_entry: MakeEntry, senior: Person, now: datetime, release: Callable[[], Release]
) -> None:
    with pytest.raises(NothingToRelease):
        draft_release(actor=senior, now=now)
    make_entry()
    release()
    with pytest.raises(NothingToRelease):
        draft_release(actor=senior, now=now)


def test_an_analyst_does_not_draft(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        draft_release(actor=analyst, now=now)
