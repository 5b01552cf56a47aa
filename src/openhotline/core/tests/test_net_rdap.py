"""Reading registration records from a real server on this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.net import rdap
from openhotline.core.net.errors import RdapFailed
from openhotline.core.net.fetch import Policy


def card(*rows: list[Any]) -> list[Any]:
    return ["vcard", [["version", {}, "text", "4.0"], *rows]]


ABUSE = {
    "objectClassName": "entity",
    "roles": ["technical", "abuse"],
    "vcardArray": card(["fn", {}, "text", "Abuse desk"], ["email", {"type": "work"}, "text", "abuse@host.example"]),
}
REGISTRANT = {
    "objectClassName": "entity",
    "roles": ["registrant"],
    "vcardArray": card(["fn", {}, "text", "Example Hosting BV"], ["email", {}, "text", "office@host.example"]),
    "entities": [ABUSE],
}
NETWORK = {
    "objectClassName": "ip network",
    "handle": "NET-192-0-2-0-1",
    "name": "EXAMPLE-NET",
    "country": "nl",
    "startAddress": "192.0.2.0",
    "endAddress": "192.0.2.255",
    "entities": [REGISTRANT],
}


class Registry(ThreadingHTTPServer):
    """Answers each path from a table; anything else is 404."""

    daemon_threads = True
    records: dict[str, bytes]
    asked: list[str]


class _Answers(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = self.server.records.get(self.path)
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write(body or b"{}")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def registry() -> Iterator[Registry]:
    server = Registry(("127.0.0.1", 0), _Answers)
    server.records, server.asked = {}, []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def lookup(what: str, registry: Registry, *paths: str) -> rdap.Hosting:
    port = registry.server_address[1]
    policy = Policy(100_000, 5.0, 1, only=frozenset({("127.0.0.1", port)}), accept="application/rdap+json")
    bases = tuple(f"http://127.0.0.1:{port}{path}" for path in paths or ("/",))
    return rdap.lookup(what, bases=bases, policy=policy)


def answer(registry: Registry, record: Any, path: str = "/ip/192.0.2.7") -> rdap.Hosting:
    registry.records[path] = record if isinstance(record, bytes) else json.dumps(record).encode()
    return lookup(path.rsplit("/", maxsplit=1)[-1], registry)


def test_a_network_gives_its_nested_abuse_mailbox_and_what_it_states(registry: Registry) -> None:
    got = answer(registry, NETWORK)
    assert (got.handle, got.name, got.organisation) == ("NET-192-0-2-0-1", "EXAMPLE-NET", "Example Hosting BV")
    assert (got.country, got.abuse_email) == ("NL", "abuse@host.example")
    assert (got.start, got.end) == ("192.0.2.0", "192.0.2.255")
    assert got.source.endswith("/ip/192.0.2.7")


def test_what_is_missing_is_none_and_another_roles_mail_is_never_taken(registry: Registry) -> None:
    record = {"objectClassName": "ip network", "entities": [{**REGISTRANT, "entities": []}]}
    got = answer(registry, record)
    assert (got.abuse_email, got.country, got.handle, got.start, got.end) == (None, None, None, None, None)


@pytest.mark.parametrize(
    "vcard",
    [
        None,
        [],
        ["vcard"],
        ["vcard", None],
        ["vcard", [["email"]]],
        ["vcard", [["email", {}, "text", 7]]],
        "vcard",
        card(["email", {}, "text", "not a mailbox"]),
        card(["email", {}, "text", "a@b.example\r\nBcc: c@d.example"]),
    ],
)
def test_an_odd_card_gives_no_mailbox(vcard: Any, registry: Registry) -> None:
    assert answer(registry, {**NETWORK, "entities": [{**ABUSE, "vcardArray": vcard}]}).abuse_email is None


def test_a_name_is_asked_as_its_registered_domain(registry: Registry) -> None:
    registry.records["/domain/example.co.uk"] = json.dumps(
        {"objectClassName": "domain", "ldhName": "example.co.uk", "handle": "D1", "entities": [ABUSE]}
    ).encode()
    got = lookup("pictures.cdn.example.co.uk", registry)
    assert (got.name, got.abuse_email) == ("example.co.uk", "abuse@host.example")


@pytest.mark.parametrize(
    ("what", "path"), [("2001:DB8::1", "/ip/2001:db8::1"), ("127.1", "/ip/127.0.0.1"), ("[::1]", "/ip/::1")]
)
def test_ip_addresses_are_asked_in_their_canonical_form(what: str, path: str, registry: Registry) -> None:
    with pytest.raises(RdapFailed, match="404"):
        lookup(what, registry)
    assert registry.asked == [path]


def test_the_next_base_is_asked_when_one_does_not_know(registry: Registry) -> None:
    registry.records["/second/ip/192.0.2.7"] = json.dumps(NETWORK).encode()
    assert lookup("192.0.2.7", registry, "/first", "/second/").handle == "NET-192-0-2-0-1"


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (b"<html>", "not JSON"),
        (b"[" * 50000, "not JSON"),
        (b"[]", "not a record"),
        (b'{"a": 1}', "neither"),
        (b" " * 200000, "longer than"),
        (b"\xff\xfe{", "not JSON"),
    ],
)
def test_an_answer_that_is_no_record_is_a_sentence(record: bytes, sentence: str, registry: Registry) -> None:
    with pytest.raises(RdapFailed, match=sentence):
        answer(registry, record)


def test_a_base_outside_the_policy_is_not_connected(registry: Registry) -> None:
    with pytest.raises(RdapFailed, match="Practice fetches only the practice site"):
        rdap.lookup("192.0.2.7", bases=("https://rdap.example.org/",), policy=Policy(1, 1.0, 0, only=frozenset()))


def test_no_base_and_no_name_are_sentences() -> None:
    policy = Policy(1000, 1.0, 0, only=frozenset())
    with pytest.raises(RdapFailed, match="No RDAP server"):
        rdap.lookup("192.0.2.7", bases=(), policy=policy)
    with pytest.raises(RdapFailed, match="not a web address"):
        rdap.lookup("a b", bases=("https://rdap.example.org/",), policy=policy)


_JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["abuse", "registrant", "email", "vcard", "a@b.example", ""]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["entities", "roles", "vcardArray", "country", "handle", "name"]), inner)
    ),
    max_leaves=30,
)


@given(st.dictionaries(st.sampled_from(["entities", "country", "handle", "name", "startAddress"]), _JSON))
def test_no_shape_of_record_makes_the_parser_raise(record: dict[str, Any]) -> None:
    got = rdap._hosting(record, "https://rdap.example.org/ip/192.0.2.7")
    assert all(value is None or isinstance(value, str) for value in vars(got).values())
