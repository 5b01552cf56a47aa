"""Ordinary lookups go a short way: the same answers, and nothing that the long way would refuse."""

import io
import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.config.access import ACCESS, BY_KEY_BOTH, BY_KEY_GET, BY_KEY_POST
from openhotline.core.clock import now as present
from openhotline.hashlists.api import short_way
from openhotline.hashlists.api.short_way import ROUTE, ShortWay
from openhotline.hashlists.models import Entry, Member, Release
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason
from openhotline.hashlists.tests.asking import Machine, apart, picture
from openhotline.intake.models import PartnerKey

pytestmark = pytest.mark.django_db
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
Give = Callable[..., Machine]
LEFT = b"the long way"


class Server:
    """The web server, as far as the short way sees it; the long way only says that it was taken, and reads."""

    def __init__(self) -> None:
        self.read = b""
        self.short = ShortWay(self._long)

    def _long(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.read = environ["wsgi.input"].read()
        start("404 Not Found", [])
        return [LEFT]

    def lookup(self, machine: Machine, path: str, query: str, **changed: str) -> bytes:
        """Ask as a program written for a Hasher-Matcher-Actioner does."""
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": f"/members/hma/m/{path}",
            "QUERY_STRING": query,
            "HTTP_AUTHORIZATION": f"Bearer {machine.text}",
            "wsgi.input": io.BytesIO(),
        }
        return b"".join(self.short(environ | changed, lambda *_: None))

    def ask(self, machine: Machine, body: Any, **changed: str) -> bytes:
        """Send a body with the machine's key."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/members/v1/match",
            "CONTENT_LENGTH": str(len(sent)),
            "HTTP_AUTHORIZATION": f"Bearer {machine.text}",
            "wsgi.input": io.BytesIO(sent),
        }
        return b"".join(self.short(environ | changed, lambda *_: None))


@pytest.fixture(autouse=True)
def in_the_story_s_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the connection, as Django's own test client does: closing it would end the transaction of the test."""
    monkeypatch.setattr(short_way, "close_old_connections", lambda: None)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def entry(make_entry: Callable[..., Entry], publish: Callable[..., Release]) -> Entry:
    found = make_entry(pdq=PDQ)
    publish()
    return found


@pytest.mark.parametrize("told", [{}, {"see_ids": True, "see_distances": True}])
def test_both_ways_answer_in_the_same_words(
    server: Server, entry: Entry, make_member: Callable[..., Member], machine_of: Give, told: dict[str, bool]
) -> None:
    """A member cannot tell which way its lookup went."""
    machine = machine_of(make_member(**told))
    body = {"hashes": [picture(apart(PDQ, 9)), picture("0" * 64), picture(PDQ, 30), picture(PDQ.upper())]}
    body["hashes"].append({"kind": "md5", "hash": "0" * 32})
    assert server.ask(machine, body) == machine.post("v1/match", body).content


def test_each_lookup_by_the_short_way_is_in_the_log(
    server: Server, make_member: Callable[..., Member], machine_of: Give
) -> None:
    """What was answered was counted and logged, by the name of the key."""
    machine = machine_of(make_member())
    assert server.ask(machine, {"hashes": [picture(PDQ)]}) != LEFT
    row = Record.objects.get(action="list_asked")
    assert (row.actor, row.detail["lines"]) == (PartnerKey.objects.get().public_id, 1)


def test_planted_bug_an_answer_without_its_line_of_the_log_is_seen(
    server: Server, make_member: Callable[..., Member], machine_of: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were lookups answered and not counted, the log would not have them."""
    monkeypatch.setattr("openhotline.hashlists.services.answer_lookups.count_lookups", lambda **_: None)
    machine = machine_of(make_member())
    assert server.ask(machine, {"hashes": [picture(PDQ)]}) != LEFT
    assert not Record.objects.filter(action="list_asked").exists()


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ({"hashes": [picture("zz")]}, {}),
        ({"hashes": [picture(PDQ)], "dry_run": True}, {}),
        (b"{", {}),
        ({"hashes": [picture(PDQ)]}, {"HTTP_AUTHORIZATION": "Bearer ohk_nobody"}),
        ({"hashes": [picture(PDQ)]}, {"HTTP_AUTHORIZATION": ""}),
        ({"hashes": [picture(PDQ)]}, {"REQUEST_METHOD": "GET"}),
        ({"hashes": [picture(PDQ)]}, {"PATH_INFO": "/members/v1/status"}),
        ({"hashes": [picture(PDQ)]}, {"CONTENT_LENGTH": ""}),
        ({"hashes": [picture(PDQ)]}, {"CONTENT_LENGTH": "1000001"}),
    ],
)
def test_what_is_not_ordinary_goes_the_long_way_whole(
    server: Server, make_member: Callable[..., Member], machine_of: Give, body: Any, changed: dict[str, str]
) -> None:
    """Whatever has to be refused is refused in one place, which reads the request as it came."""
    machine = machine_of(make_member())
    assert server.ask(machine, body, **changed) == LEFT
    assert server.read == (body if isinstance(body, bytes) else json.dumps(body).encode())
    assert not Record.objects.filter(action="list_asked").exists()


def test_a_budget_that_is_used_up_goes_the_long_way(
    server: Server, make_member: Callable[..., Member], machine_of: Give
) -> None:
    """The short way answers nothing beyond what was agreed."""
    machine = machine_of(make_member(daily=1))
    assert [server.ask(machine, {"hashes": [picture(PDQ)]}) == LEFT for _ in range(2)] == [False, True]


def test_a_revoked_key_is_refused_once_the_database_is_asked_again(
    server: Server, make_member: Callable[..., Member], machine_of: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the database said of a key is believed for `KNOWN_SECONDS`, and no longer."""
    machine = machine_of(make_member())
    assert server.ask(machine, {"hashes": [picture(PDQ)]}) != LEFT
    PartnerKey.objects.update(revoked_at=present() - timedelta(days=1))
    monkeypatch.setattr(short_way, "KNOWN_SECONDS", 0.0)
    assert server.ask(machine, {"hashes": [picture(PDQ)]}) == LEFT


def test_a_withdrawn_entry_is_not_found_at_once(
    server: Server, entry: Entry, make_member: Callable[..., Member], machine_of: Give, senior: Person
) -> None:
    """Of keys a second is remembered, of entries nothing."""
    machine, body = machine_of(make_member()), {"hashes": [picture(PDQ)]}
    assert b'"yes"' in server.ask(machine, body)
    withdraw_entry(entry=entry.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=present())
    assert b'"no"' in server.ask(machine, body)


@pytest.mark.parametrize("path", ["lookup", "raw_lookup", "raw_lookup&include_distance=true"])
def test_both_ways_answer_a_matcher_s_program_in_the_same_words(
    server: Server, entry: Entry, make_member: Callable[..., Member], machine_of: Give, path: str
) -> None:
    """A hash that is near, one that is not and one in capitals are told as by the route."""
    machine = machine_of(make_member(see_ids=True, see_distances=True))
    route, _, more = path.partition("&")
    for pdq in (apart(PDQ, 9), "0" * 64, PDQ.upper()):
        query = f"signal_type=pdq&signal={pdq}&{more}".rstrip("&")
        assert server.lookup(machine, route, query) == machine.get(f"hma/m/{route}?{query}").content
    rows = Record.objects.filter(action="list_asked")
    assert [(row.detail["lines"], row.detail["found"]) for row in rows] == [(1, 1)] * 2 + [(1, 0)] * 2 + [(1, 1)] * 2


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        (f"signal_type=pdq&signal={PDQ}&banks=ORDINARY", {}),
        (f"signal_type=pdq&signal={PDQ}&signal={PDQ}", {}),
        (f"signal_type=pdq&signal=%66{PDQ[1:]}", {}),
        (f"signal_type=photo&signal={PDQ}", {}),
        ("signal_type=pdq", {}),
        ("", {}),
        (f"url=x&signal_type=pdq&signal={PDQ}", {}),
        (f"signal_type=pdq&signal={PDQ}", {"HTTP_AUTHORIZATION": "Bearer ohk_nobody"}),
        (f"signal_type=pdq&signal={PDQ}", {"REQUEST_METHOD": "POST"}),
        (f"signal_type=pdq&signal={PDQ}", {"CONTENT_LENGTH": "5"}),
    ],
)
@pytest.mark.parametrize("path", ["lookup", "raw_lookup"])
def test_what_a_matcher_s_program_asks_otherwise_goes_the_long_way(
    server: Server, make_member: Callable[..., Member], machine_of: Give, path: str, query: str, changed: dict[str, str]
) -> None:
    """Banks by name, two of a kind, what is escaped and what is wrong are the route's to read."""
    machine = machine_of(make_member(see_ids=True, see_distances=True))
    assert server.lookup(machine, path, query, **changed) == LEFT
    assert not Record.objects.filter(action="list_asked").exists()


@pytest.mark.parametrize("told", [{}, {"see_ids": True}, {"see_distances": True}])
@pytest.mark.parametrize("path", ["lookup", "raw_lookup"])
def test_who_may_not_see_ids_and_distances_is_told_none(
    server: Server,
    entry: Entry,
    make_member: Callable[..., Member],
    machine_of: Give,
    path: str,
    told: dict[str, bool],
) -> None:
    """The agreement is heeded on the short way as well: the route says that it does not allow it."""
    machine = machine_of(make_member(**told))
    assert server.lookup(machine, path, f"signal_type=pdq&signal={PDQ}") == LEFT


def test_planted_bug_without_the_agreement_s_check_ids_would_be_told(
    server: Server,
    entry: Entry,
    make_member: Callable[..., Member],
    machine_of: Give,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Were the check left out, a member that may see none would be given an id."""
    monkeypatch.setattr("openhotline.hashlists.api.hma._check_sees", lambda _: None)
    machine = machine_of(make_member())
    assert b"bank_content_id" in server.lookup(machine, "lookup", f"signal_type=pdq&signal={PDQ}")


def test_the_routes_that_it_shortens_are_in_the_table_of_access(server: Server) -> None:
    """The short way serves nothing that the table does not name: by a key, and by POST or GET."""
    assert set(server.short.ways) == {
        ("POST", "/members/v1/match"),
        ("GET", "/members/hma/m/lookup"),
        ("GET", "/members/hma/m/raw_lookup"),
    }
    assert ACCESS[ROUTE] == BY_KEY_POST
    assert {ACCESS["hma_lookup"], ACCESS["hma_raw_lookup"]} <= {BY_KEY_GET, BY_KEY_BOTH}
