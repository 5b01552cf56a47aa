"""No test reaches a machine but this one: connections and name look-ups beyond loopback are refused.

A pytest plugin that conftest.py loads; it holds for the whole session. Unix sockets stay open, as PostgreSQL
listens on one.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

LOCAL_NAMES = {"", "localhost", "0.0.0.0", "::"}


class NetworkBlockedError(RuntimeError):
    """A test tried to reach another machine."""


def is_loopback(host: object) -> bool:
    """Say whether a host, given as socket functions take it, is this machine."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    name = name.partition("%")[0].rstrip(".").lower()
    if name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def refuse_strangers(host: object) -> None:
    """Raise NetworkBlockedError unless the host is this machine."""
    if not is_loopback(host):
        raise NetworkBlockedError(
            f"A test tried to reach {host!r}. Tests talk to 127.0.0.1, ::1 or localhost only: "
            "use one of the local stand-ins, or pass a fake for what opens the connection."
        )


def looks_first(name: str, place: int) -> Callable[..., Any]:
    """Return a socket's method that looks at the address, its argument at this place, before it acts."""
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            address = arguments[place] if -len(arguments) <= place < len(arguments) else None
            refuse_strangers(address[0] if address else None)
        return original(self, *arguments)

    return guarded


def look_up_here(*arguments: Any, **named: Any) -> Any:
    """Look a name up as `socket.getaddrinfo` does, if it is a name of this machine."""
    refuse_strangers(arguments[0] if arguments else named.get("host"))
    return LOOK_UP(*arguments, **named)


# Which argument of each method is the address. `sendto` has it last; `sendmsg` fourth, if at all.
GUARDED = {"connect": 0, "connect_ex": 0, "sendto": -1, "sendmsg": 3}
LOOK_UP = socket.getaddrinfo


@pytest.fixture(scope="session", autouse=True)
def block_network() -> Iterator[None]:
    """Refuse everything beyond this machine while the session lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for name, place in GUARDED.items():
            patch.setattr(socket.socket, name, looks_first(name, place))
        patch.setattr(socket, "getaddrinfo", look_up_here)
        yield
