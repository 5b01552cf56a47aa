"""No test reaches another machine."""

import socket
from collections.abc import Iterator

import pytest

from network_guard import NetworkBlockedError, is_loopback, refuse_strangers

# Reserved for documentation (RFC 5737, RFC 3849): nobody answers there, even when the guard is off.
STRANGER = "192.0.2.1"
STRANGER_6 = "2001:db8::1"


@pytest.fixture
def listener() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as s, pytest.raises(NetworkBlockedError, match=STRANGER):
        s.connect((STRANGER, 80))


def test_a_try_without_an_exception_is_refused_too() -> None:
    with socket.socket(socket.AF_INET6) as s, pytest.raises(NetworkBlockedError):
        s.connect_ex((STRANGER_6, 80))


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        with pytest.raises(NetworkBlockedError):
            s.sendto(b"x", (STRANGER, 53))
        with pytest.raises(NetworkBlockedError):
            s.sendmsg([b"x"], (), 0, (STRANGER, 53))


def test_a_name_of_another_machine_is_not_looked_up() -> None:
    with pytest.raises(NetworkBlockedError):
        socket.create_connection(("example.org", 80))


def test_this_machine_is_reached(listener: tuple[str, int]) -> None:
    with socket.create_connection(listener, timeout=5) as s:
        assert s.getpeername() == listener


def test_a_unix_socket_is_reached() -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendmsg([b"x"])
        assert other.recv(1) == b"x"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST.", b"127.0.0.1", None, ""])
def test_names_of_this_machine(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", [STRANGER, STRANGER_6, "example.org", "localhost.example.org", "2130706433", "fe80::1%lo"]
)
def test_names_of_other_machines(host: object) -> None:
    with pytest.raises(NetworkBlockedError):
        refuse_strangers(host)


def test_without_the_guard_the_first_test_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: a guard that lets everybody through. Connecting a datagram socket sends nothing."""
    monkeypatch.setattr("network_guard.is_loopback", lambda _host: True)
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        s.settimeout(0)
        try:
            s.connect((STRANGER, 9))
        except NetworkBlockedError:
            pytest.fail("the guard cannot be turned off, so this test says nothing about it")
        except OSError:
            pass  # no route to it: the system said no, not the guard
