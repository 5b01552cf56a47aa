"""Programs that others wrote fetch our list: python-threatexchange's client, and its command line with our exchange.

They run as they are, against the members' door on loopback. Every list has two pictures or more: an index of exactly
one, saved, finds nothing in that library.
"""

import html
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from openhotline.accounts.models import Person
from openhotline.hashlists.models import Edition, Entry, Feedback, Member, Release
from openhotline.hashlists.queries.editions import canaries_of, count_since_in, editions_of, lines_since_in, place_of
from openhotline.hashlists.services.dispute_entries import dispute_entries
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import FEEDBACK_WORDS, FeedbackReason, WithdrawalReason
from openhotline.hashlists.tests.asking import Machine

hash_api: Any = import_module("threatexchange.exchanges.clients.ncmec.hash_api")
pytestmark = pytest.mark.django_db
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
OTHER = f"{int(PDQ, 16) ^ (1 << 256) - 1:064x}"
CLIENTS = Path(__file__).resolve().parents[4] / "clients"
BASE = "/members/ncmec"
IDS = re.compile(r"<id>(.*?)</id>")


@pytest.fixture
def member(make_member: Callable[..., Member]) -> Member:
    return make_member()


@pytest.fixture
def machine(member: Member, machine_of: Callable[..., Machine]) -> Machine:
    return machine_of(member)


@pytest.fixture
def two(make_entry: Callable[..., Entry], publish: Callable[..., Release], member: Member) -> tuple[Entry, Entry]:
    """Two entries that are out, for longer than the client waits for what is still on its way."""
    found = make_entry(pdq=PDQ), make_entry(pdq=OTHER)
    publish(member)
    for edition in Edition.objects.all():
        edition.out_at -= timedelta(minutes=1)
        edition.save()
    return found


@pytest.fixture
def api(machine: Machine, live_server: LiveServer, log_for_one_test: None) -> Any:
    """The library's own client: only where it asks is another place."""
    return hash_api.NCMECHashAPI("us", machine.text, SimpleNamespace(value=live_server.url + BASE))


def fetched(api: Any) -> dict[str, Any]:
    return {one.id: one for page in api.get_entries_iter() for one in page.updates}


@pytest.mark.django_db(transaction=True)
def test_the_librarys_own_client_fetches_the_list_and_its_deletions(
    two: tuple[Entry, Entry],
    api: Any,
    member: Member,
    senior: Person,
    publish: Callable[..., Release],
    make_entry: Callable[..., Entry],
    now: datetime,
) -> None:
    assert [one.esp_id for one in api.members()] == [1, 2]
    found = fetched(api)
    assert set(found) == {one.public_id for one in two} | {one.name for one in canaries_of(member)}
    assert found[two[0].public_id].fingerprints["pdq"] == PDQ
    assert {"md5", "sha1", "pdq"} == set(found[two[0].public_id].fingerprints)
    withdraw_entry(entry=two[0].public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    make_entry()
    publish(member)
    Edition.objects.filter(version=2).update(out_at=Edition.objects.get(version=1).out_at + timedelta(seconds=2))
    assert fetched(api)[two[0].public_id].deleted


@pytest.mark.django_db(transaction=True)
def test_the_librarys_own_client_gives_feedback(two: tuple[Entry, Entry], api: Any) -> None:
    kind = hash_api.FingerprintType.pdq
    api.submit_upvote(1, two[0].public_id, kind)
    guid = next(g for g, name in api.feedback_reasons(kind).items() if name == FEEDBACK_WORDS[FeedbackReason.ADULT])
    api.submit_feedback(1, two[1].public_id, kind, hash_api.FeedbackType.downvote, guid)
    said = Feedback.objects.order_by("entry").values_list("entry__public_id", "verdict", "reason")
    assert list(said) == [(two[0].public_id, "confirm", ""), (two[1].public_id, "dispute", "adult")]


@pytest.mark.django_db(transaction=True)
def test_what_is_in_question_is_told_to_the_librarys_own_client_and_tagged_by_our_exchange(
    two: tuple[Entry, Entry],
    api: Any,
    member: Member,
    publish: Callable[..., Release],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the hotline's own word against the entry, under each of its fingerprints, from the next version on."""
    reason = WithdrawalReason.FEEDBACK
    dispute_entries(item_ids=[two[0].item_id], reason=reason, actor="step:test", now=now)
    publish(member)
    Edition.objects.filter(version=2).update(out_at=Edition.objects.get(version=1).out_at + timedelta(seconds=2))
    found = fetched(api)
    assert {name for name, one in found.items() if one.feedback} == {two[0].public_id}
    (said,) = found[two[0].public_id].feedback["PDQ"]
    assert (said.feedback_type, said.member.esp_id) == (hash_api.FeedbackType.downvote, 1)
    monkeypatch.syspath_prepend(str(CLIENTS))
    ours = import_module("openhotline_exchange")
    kinds = [import_module("threatexchange.signal_type.pdq.signal").PdqSignal]
    config = ours.OpenHotlineConfig(name="ours", base_url="https://hotline.example")
    signals = ours.OpenHotlineExchange.naive_convert_to_signal_type(kinds, config, found)[kinds[0]]
    tags = {value: {tag for of in one.member_entries.values() for tag in of} for value, one in signals.items()}
    assert "disputed" in tags[PDQ]
    assert "disputed" not in tags[OTHER]


@pytest.mark.django_db(transaction=True)
def test_who_subscribes_by_our_exchange_goes_on_where_it_was(
    log_for_one_test: None,
    two: tuple[Entry, Entry],
    machine: Machine,
    live_server: LiveServer,
    member: Member,
    senior: Person,
    publish: Callable[..., Release],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a Hasher-Matcher-Actioner drives an exchange: all at first, then from its checkpoint on what is new alone."""
    monkeypatch.syspath_prepend(str(CLIENTS))
    ours, library = import_module("openhotline_exchange"), import_module("threatexchange.exchanges.impl.ncmec_api")
    config = ours.OpenHotlineConfig(name="ours", base_url=live_server.url + BASE)
    credentials = library.NCMECCredentials("us", machine.text)
    exchange = ours.OpenHotlineExchange.for_collab(config, credentials)
    kept: dict[str, Any] = {}

    def fetch(checkpoint: Any) -> tuple[Any, set[str]]:
        news = set()
        for delta in exchange.fetch_iter([], checkpoint):
            news |= set(delta.updates)
            for name, update in delta.updates.items():
                kept[name] = exchange.fetch_value_merge(kept.get(name), update)
            checkpoint = delta.checkpoint
        return checkpoint, news

    checkpoint, news = fetch(None)
    # It names an entry by who gave it as well: the hotline is the first member.
    names = {one.public_id for one in two} | {one.name for one in canaries_of(member)}
    assert news == {f"1-{name}" for name in names}
    withdraw_entry(entry=two[0].public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    publish(member)
    later = time.time() + 60
    monkeypatch.setattr(library.time, "time", lambda: later)
    assert fetch(checkpoint)[1] == {f"1-{two[0].public_id}"}
    assert kept[f"1-{two[0].public_id}"] is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_command_line_with_our_exchange_fetches_and_matches(
    log_for_one_test: None, two: tuple[Entry, Entry], machine: Machine, live_server: LiveServer, tmp_path: Path
) -> None:
    program = [sys.executable, "-c", "from threatexchange.cli.main import main; main()"]
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(CLIENTS),
        "TZ": "UTC",
        "TX_STATEDIR": str(tmp_path),
        "TX_NCMEC_CREDENTIALS": f"us:{machine.text}",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [*program, *arguments], env=surroundings, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    place = live_server.url + BASE
    run("config", "extensions", "add", "openhotline_exchange")
    run("config", "collab", "edit", "openhotline", "--create", "ours", "--base-url", place)
    run("fetch")
    assert "ours" in run("match", "-H", "-S", "pdq", "photo", "--", PDQ)
    assert run("match", "-H", "-S", "pdq", "photo", "--", "0" * 63 + "1") == ""


def test_windows_that_follow_one_another_tell_everything_once(two: tuple[Entry, Entry], machine: Machine) -> None:
    out = Edition.objects.get().out_at
    client = Client(headers=machine.basic)

    def told(after: datetime, until: datetime) -> int:
        window = {"from": after.strftime("%Y-%m-%dT%H:%M:%SZ"), "to": until.strftime("%Y-%m-%dT%H:%M:%SZ")}
        answer = client.get(f"{BASE}/v2/entries", window)
        assert answer.status_code == 200
        return answer.content.count(b"<image>")

    second = timedelta(seconds=1)
    at = out.replace(microsecond=0)
    assert [told(at - second, at), told(at, at + second), told(at - 2 * second, at - second)] == [6, 0, 0]


def test_a_next_page_is_named_only_where_there_is_one(
    two: tuple[Entry, Entry], machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhotline.hashlists.api.ncmec.PAGE", 4)
    client = Client(headers=machine.basic)
    first = client.get(f"{BASE}/v2/entries")
    assert b"<next>/v2/entries?from=" in first.content
    place = first.content.partition(b"<next>")[2].partition(b"</next>")[0].decode().replace("&amp;", "&")
    second = client.get(BASE + place)
    assert (first.content.count(b"<image>"), second.content.count(b"<image>")) == (4, 2)
    assert b"<next>" not in second.content


def test_a_newer_edition_between_two_pages_takes_nothing_away(
    two: tuple[Entry, Entry],
    machine: Machine,
    member: Member,
    senior: Person,
    publish: Callable[..., Release],
    make_entry: Callable[..., Entry],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the first page told is withdrawn before the second is asked for: all others are told once all the same."""
    monkeypatch.setattr("openhotline.hashlists.api.ncmec.PAGE", 3)
    client = Client(headers=machine.basic)
    first = client.get(f"{BASE}/v2/entries", {"to": "2100-01-01T00:00:00Z"}).content.decode()
    told = IDS.findall(first)
    listed = next((one for one in two if one.public_id in told), two[0])
    withdraw_entry(entry=listed.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    make_entry()
    publish(member)
    until = Edition.objects.get(version=1).out_at + timedelta(seconds=1)
    Edition.objects.filter(version=2).update(out_at=until + timedelta(seconds=9))
    place = html.unescape(first.partition("<next>")[2].partition("</next>")[0])
    place = place.replace("to=2100-01-01T00%3A00%3A00Z", f"to={until:%Y-%m-%dT%H:%M:%SZ}")
    told += IDS.findall(client.get(BASE + place).content.decode())
    everything = {one.public_id for one in two} | {one.name for one in canaries_of(member)}
    assert len(told) == len(set(told))
    assert set(told) | {listed.public_id} == everything


def test_pages_of_any_size_tell_each_line_once_entries_first(
    two: tuple[Entry, Entry],
    member: Member,
    senior: Person,
    publish: Callable[..., Release],
    make_entry: Callable[..., Entry],
    now: datetime,
) -> None:
    """Whoever goes on behind any line of an edition is given the lines that follow it, tombstones after all entries."""
    for _ in range(7):
        make_entry()
    withdraw_entry(entry=two[0].public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    publish(member)
    edition = editions_of(member)[-1]
    whole = list(lines_since_in(edition, {1, 2}))
    assert [place_of(line) for line in whole] == sorted(place_of(line) for line in whole)
    assert [line["kind"] for line in whole[-2:]] == ["entry", "tombstone"]
    for at, line in enumerate(whole):
        assert list(lines_since_in(edition, {1, 2}, place_of(line))) == whole[at + 1 :]
    assert list(lines_since_in(edition, {1, 2}, (False, ""))) == whole
    assert count_since_in(edition, {1, 2}) == len(whole)


@pytest.mark.parametrize(
    ("path", "status"),
    [("status", 401), ("entries", 401), ("feedback/PDQ/reasons", 401)],
)
def test_without_a_key_nothing_is_told(two: tuple[Entry, Entry], client: Client, path: str, status: int) -> None:
    assert client.get(f"{BASE}/v2/{path}").status_code == status
