"""The members' API: who is answered, what is told, and what is not."""

import gzip
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

import hashmatch
from openhotline.evidence.models import Item
from openhotline.hashlists.api import downloads
from openhotline.hashlists.models import Dispute, Edition, Entry, Feedback, Member, Release
from openhotline.hashlists.models.canaries import grating
from openhotline.hashlists.models.vectors import VECTORS
from openhotline.hashlists.queries import release_path
from openhotline.hashlists.queries.editions import newest_edition
from openhotline.hashlists.tests.asking import Machine, apart, picture

pytestmark = pytest.mark.django_db
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
Publish = Callable[..., Release]
Give = Callable[..., Machine]


@pytest.fixture
def entry(make_entry: Callable[..., Entry], publish: Publish) -> Entry:
    found = make_entry(pdq=PDQ)
    publish()
    return found


def test_without_a_key_nothing_is_answered_known_or_not(entry: Entry) -> None:
    answers = [
        Client().post("/members/v1/match", json.dumps({"hashes": [picture(one)]}), "application/json")
        for one in (PDQ, "0" * 64)
    ]
    assert [one.status_code for one in answers] == [401, 401]
    assert answers[0].content == answers[1].content


def test_as_shipped_a_match_is_a_yes_with_its_category(
    entry: Entry, make_member: Callable[..., Member], machine_of: Give
) -> None:
    machine = machine_of(make_member())
    (yes, no) = machine.match(picture(apart(PDQ, 9)), picture("0" * 64))
    told = {"stream": "generative_ai", "category": "B", "ai_involvement": "wholly_synthetic"}
    assert yes == {"match": "yes", "why": "", "matches": [told]}
    assert no == {"match": "no", "why": "", "matches": []}


def test_ids_and_distances_are_told_where_it_was_agreed(
    entry: Entry, make_member: Callable[..., Member], machine_of: Give
) -> None:
    machine = machine_of(make_member(see_ids=True, see_distances=True))
    (yes,) = machine.match(picture(apart(PDQ, 9)))
    assert (yes["matches"][0]["id"], yes["matches"][0]["distance"]) == (entry.public_id, 9)


def test_beside_a_distance_stands_which_form_was_hashed(
    make_entry: Callable[..., Entry],
    make_item: Callable[..., Item],
    publish: Publish,
    make_member: Callable[..., Member],
    machine_of: Give,
) -> None:
    """A distance between hashes of two forms says less; who sees none is not told the form."""
    make_entry(make_item(PDQ, canonical="upright-srgb-white/1"))
    publish()
    for terms, wanted in (({"see_distances": True}, "upright-srgb-white/1"), ({"see_ids": True}, None)):
        (yes,) = machine_of(make_member(f"Sees {min(terms)}", **terms)).match(picture(PDQ))
        assert yes["matches"][0].get("canonical") == wanted


def test_upper_case_is_read_and_an_unclear_hash_is_not_determined(
    entry: Entry, make_member: Callable[..., Member], machine_of: Give
) -> None:
    machine = machine_of(make_member())
    found = machine.match(picture(PDQ.upper()), picture(PDQ, 30))
    assert [one["match"] for one in found] == ["yes", "not_determined"]


@pytest.mark.parametrize(
    "body",
    [{}, {"hashes": []}, {"hashes": [picture("zz")]}, {"hashes": [picture("0" * 63)]}, {"hashes": [1], "x": 1}],
)
def test_what_cannot_be_read_is_a_sentence(make_member: Callable[..., Member], machine_of: Give, body: Any) -> None:
    answer = machine_of(make_member()).post("v1/match", body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_dry_run_knows_the_vectors_alone_and_costs_nothing(
    entry: Entry, make_member: Callable[..., Member], machine_of: Give
) -> None:
    machine = machine_of(make_member(daily=1))
    vectors = machine.get("v1/vectors").json()
    wanted = [one.pop("match") for one in vectors]
    answer = machine.post("v1/match", {"hashes": [*vectors, picture(PDQ)], "dry_run": True}).json()
    assert [one["match"] for one in answer["answers"]] == [*wanted, "no"]
    assert set(wanted) == {"yes", "no", "not_determined"}


@pytest.mark.parametrize(("words", "at"), [("known", 0), ("unknown", 2)])
def test_the_test_vectors_are_hashes_of_generated_gratings(words: str, at: int) -> None:
    """Whoever draws the picture of a vector anew finds its hash: it is a picture of waves."""
    drawn = grating(sha256(f"openhotline test vector: {words}".encode()).digest())
    assert hashmatch.pdq.from_pixels(drawn).hash.hex() == VECTORS[at].hash


def test_a_file_is_hashed_only_where_that_was_agreed(make_member: Callable[..., Member], machine_of: Give) -> None:
    machine = machine_of(make_member())
    answer = machine.client.post("/members/v1/match/file", b"x", "application/octet-stream", headers=machine.bearer)
    assert (answer.status_code, "to send files" in answer.json()["detail"]) == (403, True)


def test_a_dispute_is_kept_and_repeated_changes_nothing(
    entry: Entry, make_member: Callable[..., Member], machine_of: Give
) -> None:
    machine = machine_of(make_member(see_ids=True))
    body = {"entry": entry.public_id, "verdict": "dispute", "reason": "adult"}
    assert [machine.post("v1/feedback", body).status_code for _ in range(2)] == [204, 204]
    assert Feedback.objects.get().reason == "adult"
    assert machine.post("v1/feedback", {"entry": "ent_none", "verdict": "confirm"}).status_code == 404
    assert not Dispute.objects.exists()  # the journey opens it


def test_the_list_comes_whole_compressed_and_not_twice(
    entry: Entry,
    make_member: Callable[..., Member],
    machine_of: Give,
    publish: Publish,
    make_entry: Callable[..., Entry],
) -> None:
    member = make_member()
    machine = machine_of(member)
    assert machine.get("v1/list").status_code == 404
    make_entry()
    publish(member)
    plain, packed = machine.get("v1/list"), machine.get("v1/list", **{"Accept-Encoding": "gzip"})
    content = b"".join(plain.streaming_content)
    assert gzip.decompress(b"".join(packed.streaming_content)) == content
    assert entry.public_id.encode() in content
    assert machine.get("v1/list", **{"If-None-Match": plain.headers["ETag"]}).status_code == 304
    assert machine.get("v1/list?since=2").status_code == 304
    assert machine.get("v1/list?since=1").status_code == 404  # this member was never given version 1


def test_an_edition_that_takes_the_place_of_another_meanwhile_is_given_out(
    entry: Entry,
    make_member: Callable[..., Member],
    machine_of: Give,
    publish: Publish,
    make_entry: Callable[..., Entry],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who asks in the moment in which the worker clears the last edition is given the new one, by both ways."""
    member = make_member()
    for _ in range(2):
        make_entry()
        publish(member)
    old = Edition.objects.get(version=2)
    machine = machine_of(member)
    for path, headers in (("v1/list", machine.bearer), ("ncmec/v2/entries", machine.basic)):
        seen = iter([old])
        monkeypatch.setattr(downloads, "newest_edition", lambda *of, seen=seen: next(seen, None) or newest_edition(*of))
        answer = machine.client.get(f"/members/{path}", headers=headers)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert (answer.status_code, entry.public_id.encode() in content) == (200, True)


def test_the_shared_release_file_is_nobodys_download(entry: Entry, client: Client) -> None:
    for place in ("/members/releases/1.jsonl", "/releases/1.jsonl", f"/members/v1/{release_path(1).name}"):
        assert client.get(place).status_code in {403, 404}


def test_status_tells_whether_answers_are_fresh(
    make_member: Callable[..., Member],
    machine_of: Give,
    entry: Entry,
    release: Callable[[], Release],
    make_entry: Callable[..., Entry],
) -> None:
    machine = machine_of(make_member())
    assert machine.get("v1/status").json()["stale"] is False
    make_entry()
    release()  # published, and not served yet
    assert machine.get("v1/status").json() | {"streams": []} == {
        "version": 1,
        "published": 2,
        "stale": True,
        "streams": [],
    }
