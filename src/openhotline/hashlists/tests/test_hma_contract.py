"""Calls as clients of a Hasher-Matcher-Actioner make them, and the shapes they read."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openhotline.accounts.models import Person
from openhotline.evidence.queries import encoded
from openhotline.hashlists.models import Entry, Member, Release
from openhotline.hashlists.models.bank_ids import bank_id, entry_prefix
from openhotline.hashlists.models.canaries import grating
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason
from openhotline.hashlists.tests.asking import Machine, apart

pytestmark = pytest.mark.django_db
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
BANK = "GENERATIVE_AI"
Give = Callable[..., Machine]


@pytest.fixture
def entry(make_entry: Callable[..., Entry], publish: Callable[..., Release]) -> Entry:
    found = make_entry(pdq=PDQ)
    publish()
    return found


@pytest.fixture
def machine(make_member: Callable[..., Member], machine_of: Give) -> Machine:
    return machine_of(make_member(see_ids=True, see_distances=True, send_files=True))


def test_lookup_by_signal_tells_bank_number_and_distance(entry: Entry, machine: Machine) -> None:
    """As Coop and the Ruby gem ask; the number is a number and the distance a text."""
    found = machine.get(f"hma/m/lookup?signal_type=pdq&signal={apart(PDQ, 4)}").json()
    assert found == {BANK: [{"bank_content_id": bank_id(entry.public_id), "distance": "4"}]}
    assert machine.get(f"hma/m/lookup?signal_type=pdq&signal={'0' * 64}").json() == {}


@pytest.mark.parametrize(("query", "shape"), [("", int), ("&include_distance=true", dict)])
def test_raw_lookup_tells_numbers_or_numbers_with_distances(
    entry: Entry, machine: Machine, query: str, shape: type
) -> None:
    found = machine.get(f"hma/m/raw_lookup?signal_type=pdq&signal={PDQ.upper()}{query}").json()
    assert [type(one) for one in found["matches"]] == [shape]


def test_compare_says_how_far_two_hashes_are_apart(machine: Machine) -> None:
    assert machine.post("hma/m/compare", {"pdq": [PDQ, apart(PDQ, 9)]}).json() == {"pdq": [True, {"distance": 9}]}


def test_index_status_and_banks(entry: Entry, machine: Machine) -> None:
    status = machine.get("hma/m/index/status").json()["pdq"]
    assert (status["present"], status["size"], type(status["built_to"])) == (True, 1, int)
    assert {"name": BANK, "matching_enabled_ratio": 1.0} in machine.get("hma/c/banks").json()
    assert machine.get(f"hma/c/bank/{BANK}").json()["name"] == BANK
    number = bank_id(entry.public_id)
    assert machine.get(f"hma/c/bank/{BANK}/content/{number}").json()["id"] == number


def test_the_number_of_an_entry_leads_back_to_it(entry: Entry) -> None:
    assert entry.public_id.startswith(entry_prefix(bank_id(entry.public_id)))


def test_liveness_needs_no_key_and_tells_nothing_of_the_list(client: Client, entry: Entry) -> None:
    assert client.get("/members/hma/status/live").content == b"I-AM-ALIVE"
    assert client.get("/members/hma/status").content == b"I-AM-ALIVE"


def test_before_anything_is_served_the_index_is_said_to_be_missing(
    client: Client, make_entry: Callable[..., Entry], release: Callable[[], Release]
) -> None:
    make_entry()
    release()
    answer = client.get("/members/hma/status")
    assert (answer.status_code, answer.content) == (503, b"INDEX-NOT-LOADED")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("hma/m/lookup?url=https://site.example/x.jpg", 400),
        ("hma/h/hash?url=https://site.example/x.jpg", 400),
        ("hma/m/lookup?signal_type=pdq&signal=zz", 400),
        ("hma/m/lookup?signal_type=tlsh&signal=zz", 400),
        (f"hma/m/lookup?signal_type=pdq&signal={PDQ}&banks=NONE", 404),
        ("hma/c/bank/NONE", 404),
        ("hma/c/bank/GENERATIVE_AI/content/7", 404),
    ],
)
def test_refusals_are_a_message(machine: Machine, path: str, status: int) -> None:
    answer = machine.get(path)
    assert (answer.status_code, list(answer.json())) == (status, ["message"])


def test_without_ids_and_distances_in_the_agreement_nothing_is_looked_up(
    entry: Entry, make_member: Callable[..., Member], machine_of: Give
) -> None:
    machine = machine_of(make_member("Another Platform", see_ids=True))
    answers = [machine.get(f"hma/m/lookup?signal_type=pdq&signal={one}") for one in (PDQ, "0" * 64)]
    assert [one.status_code for one in answers] == [403, 403]
    assert answers[0].content == answers[1].content


def test_a_withdrawn_entry_is_not_answered_by_raw_lookup_either(
    entry: Entry, machine: Machine, senior: Person, now: datetime
) -> None:
    withdraw_entry(entry=entry.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    assert machine.get(f"hma/m/raw_lookup?signal_type=pdq&signal={PDQ}").json() == {"matches": []}


def test_without_a_key_it_is_401_with_a_message(client: Client) -> None:
    answer: Any = client.get(f"/members/hma/m/lookup?signal_type=pdq&signal={PDQ}")
    assert (answer.status_code, list(answer.json())) == (401, ["message"])


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_file_is_hashed_in_memory_and_looked_up(machine: Machine, entry: Entry) -> None:

    data = encoded(grating(b"\1" * 32), "PNG")
    sent = {"photo": SimpleUploadedFile("x.png", data, "image/png")}
    found = machine.client.post("/members/hma/h/hash", sent, headers=machine.bearer)
    assert len(found.json()["pdq"]) == 64
    sent = {"photo": SimpleUploadedFile("x.png", data, "image/png")}
    assert machine.client.post("/members/hma/m/lookup", sent, headers=machine.bearer).json() == {"pdq": {}}
