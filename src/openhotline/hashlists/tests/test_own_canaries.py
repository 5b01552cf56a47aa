"""A member cannot find its canaries by asking: they are answered to it as entries are, and to nobody else."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.hashlists.models import Entry, Feedback, Member, Release
from openhotline.hashlists.models.bank_ids import bank_id
from openhotline.hashlists.queries.editions import canaries_of, edition_path
from openhotline.hashlists.queries.own_canaries import NONE
from openhotline.hashlists.services import answer_lookups
from openhotline.hashlists.services.set_stage import set_stage
from openhotline.hashlists.states import Stream
from openhotline.hashlists.tests.asking import Machine, apart, picture

pytestmark = pytest.mark.django_db
Give = Callable[..., Machine]


@pytest.fixture
def member(make_member: Callable[..., Member]) -> Member:
    return make_member(see_ids=True, see_distances=True)


@pytest.fixture
def lines(make_entry: Callable[..., Entry], publish: Callable[..., Release], member: Member) -> list[dict[str, Any]]:
    """The lines of a member's list of three entries of two streams."""
    make_entry(pdq="c3" * 32)
    make_entry(pdq="3c" * 32, ai_involvement="none_seen", outcome="photograph")
    make_entry(pdq="a5" * 32)
    publish(member)
    return [json.loads(line) for line in edition_path(member, 1).read_bytes().splitlines()[2:]]


def told(machine: Machine, lines: list[dict[str, Any]], bits: int = 0) -> dict[str, list[Any]]:
    """Ask for every line of a list, each picture so many bits away and each file; return what is said of each entry."""
    found = {}
    for line in lines:
        hashes = line["hashes"]
        files = [{"kind": kind, "hash": hashes[kind]} for kind in ("sha256", "sha1", "md5")]
        found[line["entry"]] = machine.match(picture(apart(hashes["pdq"], bits)), *files)
    return found


def test_every_line_of_its_list_is_answered_to_a_member_alike(
    lines: list[dict[str, Any]], member: Member, machine_of: Give
) -> None:
    """Pictures near and equal, and files, of canaries too, with the id, stream and category that the list says."""
    for bits in (0, 31):
        for name, answers in told(machine_of(member), lines, bits).items():
            line = next(one for one in lines if one["entry"] == name)
            basis = {"stream": line["stream"], "category": line["legal_basis"]["category"], "id": name}
            said = {"ai_involvement": line["ai_involvement"], **basis}
            picture_too = {"distance": bits, "canonical": line["pdq_canonical"]}
            of_files = [[said | {"distance": 0}]] * 3
            assert [one["matches"] for one in answers] == [[said | picture_too], *of_files]


def test_planted_bug_without_them_a_member_would_find_its_canaries_by_asking(
    lines: list[dict[str, Any]], member: Member, machine_of: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is answered *no* of the own list would be the canaries."""
    monkeypatch.setattr(answer_lookups, "canaries_for", lambda _: NONE)
    found = told(machine_of(member), lines)
    unanswered = {name for name, answers in found.items() if answers[0]["match"] == "no"}
    assert unanswered == {one.name for one in canaries_of(member)}


def test_another_member_is_told_nothing_of_them(
    lines: list[dict[str, Any]], member: Member, make_member: Callable[..., Member], machine_of: Give
) -> None:
    """A canary is known to whose it is alone, also where another downloads no list at all."""
    other = machine_of(make_member("Asks Alone", download=False))
    for one in canaries_of(member):
        assert {answer["match"] for answer in other.match(picture(one.hashes["pdq"]))} == {"no"}


def test_a_stream_that_is_tried_answers_for_its_share_of_canaries(
    lines: list[dict[str, Any]], member: Member, machine_of: Give, senior: Person, now: datetime
) -> None:
    """While nothing of a stream is answered for, neither are the canaries that say they are in it."""
    for stream in Stream:
        set_stage(stream=stream, percent=0, actor=senior, now=now)
    found = told(machine_of(member), lines)
    assert {answer["match"] for answers in found.values() for answer in answers} == {"no"}


def test_as_a_hasher_matcher_actioner_a_canary_is_content_of_its_bank(
    lines: list[dict[str, Any]], member: Member, machine_of: Give
) -> None:
    """The number that a lookup tells is answered for, as that of an entry is."""
    machine = machine_of(member)
    for line in lines:
        number = bank_id(line["entry"])
        assert machine.get(f"hma/c/bank/{line['stream'].upper()}/content/{number}").json()["id"] == number


def test_feedback_on_a_canary_is_taken_like_any_and_nothing_follows(
    lines: list[dict[str, Any]], member: Member, machine_of: Give
) -> None:
    """A confirmation and a dispute are answered as for an entry; the log keeps them, and no person is asked."""
    machine = machine_of(member)
    for line in lines:
        for body in ({"verdict": "confirm"}, {"verdict": "dispute", "reason": "adult"}):
            assert machine.post("v1/feedback", {"entry": line["entry"], **body}).status_code == 204
    assert Feedback.objects.count() == 3
    assert Record.objects.filter(action="feedback_given").count() == 2 * len(lines)
