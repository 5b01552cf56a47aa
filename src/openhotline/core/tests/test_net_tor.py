"""Onion sites are reached through Tor's proxy only, and their names are looked up by nobody here."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhotline.core.net import names, socks
from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.fetch import Policy, fetch
from openhotline.core.net.sockets import Meter

ONION = "http://" + "a" * 56 + ".onion/board"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
WAY = b"\x05\x00" + b"\x05\x00\x00\x01" + bytes(6)


@dataclass
class Proxy:
    """A listener that speaks SOCKS 5 by rote: it says its lines and keeps what it was told."""

    lines: bytes
    answer: bytes = PAGE
    port: int = 0
    told: list[bytes] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        """Answer every connection in its one way."""
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    self.told.append(connection.recv(100))
                    connection.sendall(self.lines[:2])
                    if len(self.lines) <= 2:
                        continue
                    self.told.append(connection.recv(1000))
                    connection.sendall(self.lines[2:])
                    if self.lines != WAY:
                        continue  # it hangs up, so that nobody waits for the rest
                    self.told.append(connection.recv(65_536))
                    connection.sendall(self.answer)

    @property
    def policy(self) -> Policy:
        """Fetch onion sites through here."""
        return Policy(1000, 3.0, 2, authority="aut_1", tor=("127.0.0.1", self.port))


@contextmanager
def proxy(lines: bytes = WAY, answer: bytes = PAGE) -> Iterator[Proxy]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = Proxy(lines, answer, listener.getsockname()[1])
        threading.Thread(target=running.serve, args=(listener,), daemon=True).start()
        yield running
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def never(_host: str, _seconds: float) -> tuple[str, ...]:
    pytest.fail("a name was looked up")


def test_an_onion_site_is_fetched_through_the_proxy_which_is_told_the_name() -> None:
    with proxy() as tor:
        got = fetch(ONION, policy=tor.policy, resolver=never)
    assert (got.body, got.peer) == (b"hello", "tor")
    assert tor.told[1] == b"\x05\x01\x00\x03" + bytes([62]) + b"a" * 56 + b".onion" + b"\x00\x50"


def test_without_a_proxy_it_is_refused() -> None:
    with pytest.raises(FetchRefused, match="only through Tor"):
        fetch(ONION, policy=Policy(1000, 3.0, 2, authority="aut_1"), resolver=never)


def test_practice_does_not_go_through_tor() -> None:
    with proxy() as tor, pytest.raises(FetchRefused, match="practice site"):
        fetch(ONION, policy=replace(tor.policy, only=frozenset()), resolver=never)
    assert tor.told == []


def test_another_services_port_is_refused_in_tor_too() -> None:
    with proxy() as tor, pytest.raises(FetchRefused, match="Port 22"):
        fetch(ONION.replace(".onion", ".onion:22"), policy=tor.policy, resolver=never)


def test_an_onion_site_cannot_lead_us_out_of_tor() -> None:
    out = b"HTTP/1.1 302 Found\r\nLocation: https://example.org/seen\r\nContent-Length: 0\r\n\r\n"
    with proxy(answer=out) as tor, pytest.raises(FetchRefused, match="out of Tor"):
        fetch(ONION, policy=tor.policy, resolver=never)


def test_an_onion_name_is_never_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names.socket, "getaddrinfo", lambda *_given, **_more: pytest.fail("a name was looked up"))
    for name in ("abc.onion", "ABC.Onion.", "a.b.onion"):
        with pytest.raises(FetchFailed, match="only through Tor"):
            names.resolve(name)


@pytest.mark.parametrize("lines", [b"\x05\xff", b"HTTP", b"\x05\x00\x05\x05\x00\x01" + bytes(6), b"\x05\x00\x05", b""])
def test_a_proxy_that_finds_no_way_is_a_failed_connection(lines: bytes) -> None:
    with proxy(lines) as tor, pytest.raises(FetchFailed):
        fetch(ONION, policy=tor.policy, resolver=never)


@given(st.binary(max_size=40))
@settings(max_examples=40)
def test_whatever_a_proxy_says_it_is_a_connection_or_an_error(said: bytes) -> None:
    with proxy(said, b"") as tor, suppress(OSError):
        socks.connect(("127.0.0.1", tor.port), "abc.onion", 80, Meter(time.monotonic() + 1.0, 1000)).close()
