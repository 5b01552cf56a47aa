"""Ordinary lookups go a short way: the same answers, and nothing that the long way would refuse."""

import io
import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.config.access import ACCESS, BY_KEY_POST
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


def test_the_route_that_it_shortens_is_in_the_table_of_access(server: Server) -> None:
    """The short way serves nothing that the table does not name: by a key, and by POST alone."""
    assert (server.short.path, ACCESS[ROUTE]) == ("/members/v1/match", BY_KEY_POST)
