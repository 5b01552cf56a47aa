"""Calls that were recorded between a client and a Hasher-Matcher-Actioner, made again at the members' door.

What is answered has the shape that was recorded: names, kinds of values, distances, status, how many. Names of banks
and numbers of entries are another machine's. ROOST Coop asks the same (`server/services/hmaService/index.ts`), with
parameters in its own order, and for exchanges.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openhotline.evidence.queries import encoded
from openhotline.hashlists.models import Entry, Member, Release
from openhotline.hashlists.models.canaries import grating
from openhotline.hashlists.tests.asking import Machine

pytestmark = pytest.mark.django_db
RECORDED = json.loads(Path(__file__).with_name("hma_recorded.json").read_text())
CALLS = {one["of"]: one for one in RECORDED["calls"]}
PDQ = RECORDED["listed"]
BANKS = {"BANK": "GENERATIVE_AI", "NEW_BANK_NAME": "ORDINARY", "TEST_BANK": "GENERATIVE_AI"}


@pytest.fixture
def machine(
    make_entry: Callable[..., Entry],
    publish: Callable[..., Release],
    make_member: Callable[..., Member],
    machine_of: Callable[..., Machine],
) -> Machine:
    """A member asks a list that holds the recorded picture once in each of two banks."""
    make_entry(pdq=PDQ)
    make_entry(pdq=PDQ, ai_involvement="none_seen", outcome="photograph")
    publish()
    return machine_of(make_member(see_ids=True, see_distances=True, send_files=True))


def shape(value: Any) -> Any:
    """Return what a client reads from JSON: names and kinds of values, distances as they are, numbers by their kind."""
    if isinstance(value, dict):
        return {BANKS.get(name, name): one if name == "distance" else shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value)


def asked(machine: Machine, call: dict[str, Any]) -> Any:
    """Make a recorded call; a file of it is a generated picture."""
    path = f"hma{call['path']}"
    for name, bank in BANKS.items():
        path = path.replace(f"/{name}", f"/{bank}")
    if "file" not in call:
        return machine.get(path)
    sent = {call["file"]: SimpleUploadedFile("image.png", encoded(grating(b"\1" * 32), "PNG"), "image/png")}
    return machine.client.post(f"/members/{path}", sent, headers=machine.bearer)


@pytest.mark.parametrize("name", [name for name, one in CALLS.items() if "file" not in one])
def test_a_recorded_call_is_answered_in_the_recorded_shape(machine: Machine, name: str) -> None:
    """The recorded client reads our answer as it read the one it was recorded with."""
    call = CALLS[name]
    answer = asked(machine, call)
    assert (answer.status_code, shape(answer.json())) == (call["status"], shape(call["json"]))
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("name", [name for name, one in CALLS.items() if "file" in one])
def test_a_recorded_call_with_a_file_is_answered_in_the_recorded_shape(machine: Machine, name: str) -> None:
    """A file in the field that the recorded client names is hashed, and looked up, as it was recorded."""
    call = CALLS[name]
    answer = asked(machine, call)
    assert (answer.status_code, shape(answer.json())) == (call["status"], shape(call["json"]))


def test_what_is_refused_says_the_recorded_words(machine: Machine) -> None:
    """A bank that is not there is told of in the very words that were recorded."""
    call = CALLS["_bank_exists_/returns_false_if_bank_does_not_exist"]
    assert asked(machine, call).json() == call["json"]


def test_planted_bug_a_distance_that_is_a_number_is_another_shape() -> None:
    """The comparison tells a distance that is a number from the text that was recorded."""
    recorded = CALLS["_lookup_signal/with_a_signal_found_in_the_database"]["json"]
    wrong = json.loads(json.dumps(recorded).replace('"distance": "0"', '"distance": 0'))
    assert shape(wrong) != shape(recorded)


def test_coop_finds_the_banks_of_a_picture(machine: Machine) -> None:
    """Coop gives the parameters in its own order and looks whether a bank that it knows has any match."""
    found = machine.get(f"hma/m/lookup?signal_type=pdq&signal={PDQ}").json()
    assert [bool(found.get(bank)) for bank in ("GENERATIVE_AI", "ORDINARY", "PROHIBITED_IMAGE")] == [True, True, False]


def test_coop_is_told_that_a_bank_is_fed_by_no_exchange(machine: Machine) -> None:
    """Coop takes 404 for a bank without an exchange, and reads JSON from it."""
    answer = machine.get("hma/c/exchange/GENERATIVE_AI")
    assert (answer.status_code, list(answer.json())) == (404, ["message"])


@pytest.mark.parametrize("path", ["c/banks", "c/bank/GENERATIVE_AI", "c/bank/GENERATIVE_AI/content", "c/exchanges"])
def test_nothing_of_the_list_is_changed_by_who_asks(machine: Machine, path: str) -> None:
    """What Coop would write into banks of its own is refused with a message, as the list is the hotline's."""
    answer = machine.post(f"hma/{path}", {"name": "COOP_ORG1_MINE", "enabled_ratio": "1"})
    assert (answer.status_code, list(answer.json())) == (405, ["message"])
