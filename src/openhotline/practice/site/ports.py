"""Ports of this machine: free ones, taken ones, and waiting until somebody answers."""

import contextlib
import socket
import time

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Say whether somebody could listen on a port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As servers do, so that connections of a server that has just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return so many different ports that nobody listens on now."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def answers(port: int, *, within: float) -> bool:
    """Wait until a port takes connections; say whether it did within so many seconds."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return True
        time.sleep(0.1)
    return False
