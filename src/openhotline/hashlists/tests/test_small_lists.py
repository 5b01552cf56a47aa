"""Lists on which other matchers fail, asked at the doors as members ask them.

A list of none, one, two or 64 times the same picture; capital letters; hashes that say too little, on either side.
"""

from collections.abc import Callable

import pytest

from openhotline.hashlists.models import Entry, Member, Release, served_list
from openhotline.hashlists.models.bank_ids import bank_id
from openhotline.hashlists.queries import served
from openhotline.hashlists.queries.served import served_folder
from openhotline.hashlists.states import Stream
from openhotline.hashlists.tests.asking import Machine, apart, picture

pytestmark = pytest.mark.django_db
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
BANK = "GENERATIVE_AI"
MakeEntry = Callable[..., Entry]
Publish = Callable[..., Release]


@pytest.fixture
def machine(make_member: Callable[..., Member], machine_of: Callable[..., Machine]) -> Machine:
    return machine_of(make_member(see_ids=True, see_distances=True))


@pytest.mark.parametrize("copies", [0, 1, 2, 64])
@pytest.mark.parametrize("saved", ["", "saved"])
def test_each_of_so_many_identical_entries_is_found_by_our_own_door(
    make_entry: MakeEntry,
    publish: Publish,
    machine: Machine,
    copies: int,
    saved: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each entry is found once, from the journal as it came and from an index file that was saved and mapped."""
    names = {make_entry(pdq=PDQ).public_id for _ in range(copies)}
    # An entry of another kind is there in any case, so that something is published.
    make_entry(ai_involvement="none_seen", outcome="photograph")
    publish()
    if saved and copies:
        monkeypatch.setattr(served_list, "COMPACT_AT", 1)
        assert served_list.compact(served_folder(), Stream.GENERATIVE_AI)
        monkeypatch.setattr(served, "_served", {})
    (answer,) = machine.match(picture(apart(PDQ, 7)))
    assert {one["id"] for one in answer["matches"]} == names
    assert len(answer["matches"]) == copies
    assert answer["match"] == ("yes" if copies else "no")


@pytest.mark.parametrize("copies", [0, 1, 2, 64])
def test_each_of_so_many_identical_entries_is_found_as_by_a_hasher_matcher_actioner(
    make_entry: MakeEntry, publish: Publish, machine: Machine, copies: int
) -> None:
    """Where one hash is lost by the peer's index once it was saved, ours tells every entry."""
    numbers = {bank_id(make_entry(pdq=PDQ).public_id) for _ in range(copies)}
    make_entry(ai_involvement="none_seen", outcome="photograph")
    publish()
    found = machine.get(f"hma/m/lookup?signal_type=pdq&signal={PDQ}").json()
    assert {one["bank_content_id"] for one in found.get(BANK, [])} == numbers
    assert len(machine.get(f"hma/m/raw_lookup?signal_type=pdq&signal={PDQ}").json()["matches"]) == copies


def test_before_anything_was_ever_published_the_answer_is_no(machine: Machine) -> None:
    """A match service of which no file is there yet answers, and knows nothing."""
    assert [one["match"] for one in machine.match(picture(PDQ), {"kind": "md5", "hash": "0" * 32})] == ["no", "no"]
    assert machine.get(f"hma/m/lookup?signal_type=pdq&signal={PDQ}").json() == {}


def test_capital_letters_are_the_same_hash(make_entry: MakeEntry, publish: Publish, machine: Machine) -> None:
    """What other tools write in capital letters is found like what we write, by picture and by file, at both doors."""
    entry = make_entry(pdq=PDQ)
    publish()
    from openhotline.evidence.queries import digests_of

    files = [{"kind": kind, "hash": value.upper()} for kind, value in digests_of(entry.item).items()]
    answers = machine.match(picture(PDQ.upper()), *files)
    assert [one["match"] for one in answers] == ["yes"] * (1 + len(files))
    assert BANK in machine.get(f"hma/m/lookup?signal_type=pdq&signal={PDQ.upper()}").json()


@pytest.mark.parametrize(
    ("quality", "word"), [(0, "not_determined"), (49, "not_determined"), (50, "yes"), (None, "yes")]
)
def test_a_hash_of_low_quality_is_not_determined_and_never_no(
    make_entry: MakeEntry, publish: Publish, machine: Machine, quality: int | None, word: str
) -> None:
    """Below a quality of 50 nothing is said of the picture; of one whose quality is not known it is compared."""
    make_entry(pdq=PDQ)
    publish()
    (answer,) = machine.match(picture(PDQ, quality))
    assert answer["match"] == word


def test_an_entry_of_low_quality_answers_for_its_file_alone(
    make_entry: MakeEntry, publish: Publish, machine: Machine
) -> None:
    """A picture whose own hash says too little, such as a plain surface, matches no other picture; its file does."""
    from openhotline.evidence.queries import digests_of

    entry = make_entry(pdq=PDQ)
    entry.item.quality = 49
    entry.item.save(update_fields=["quality"])
    publish()
    answers = machine.match(picture(PDQ), {"kind": "sha256", "hash": digests_of(entry.item)["sha256"]})
    assert [one["match"] for one in answers] == ["no", "yes"]
