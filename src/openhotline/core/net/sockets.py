"""Sockets that know when they must stop: one wall clock and one byte budget over everything they do."""

import socket
import ssl
import time
from typing import Any


class Meter:
    """The seconds and received bytes a connection may still use.

    ``ends`` is a ``time.monotonic()`` reading. ``ceiling`` may be raised once headers are through.
    """

    def __init__(self, ends: float, ceiling: int) -> None:
        self.ends = ends
        self.ceiling = ceiling
        self.received = 0

    @property
    def expired(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.ends

    @property
    def exhausted(self) -> bool:
        """Whether more bytes came than allowed."""
        return self.received > self.ceiling

    def left(self) -> float:
        """Seconds left. Raises TimeoutError when there are none."""
        seconds = self.ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("The time for this connection is over.")
        return seconds

    def receive(self, size: int) -> int:
        """Count what came in. Raises OSError over the ceiling."""
        self.received += size
        if self.exhausted:
            raise OSError("More bytes came than this connection may take.")
        return size


class MeteredSocket(socket.socket):
    """A TCP socket on a meter: each wait is cut to what is left, so many short waits cannot add up."""

    meter: Meter

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """As in ``socket``; file objects made of this socket read through here."""
        self.settimeout(self.meter.left())
        return self.meter.receive(super().recv_into(*args, **kwargs))

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        """As in ``socket``."""
        self.settimeout(self.meter.left())
        super().sendall(*args, **kwargs)


class MeteredTLS(ssl.SSLSocket):
    """The same over TLS. The handshake is bounded by the wrapped socket's time limit."""

    meter: Meter

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """As in ``socket``."""
        self.settimeout(self.meter.left())
        return self.meter.receive(super().recv_into(*args, **kwargs))

    def send(self, *args: Any, **kwargs: Any) -> int:
        """As in ``socket``; ``sendall`` goes through here."""
        self.settimeout(self.meter.left())
        return super().send(*args, **kwargs)


def connect(ip: str, port: int, meter: Meter, seconds: float | None = None) -> MeteredSocket:
    """A TCP connection to exactly this IP address, within ``seconds`` or the meter's time. Raises OSError."""
    sock = MeteredSocket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM)
    sock.meter = meter
    try:
        sock.settimeout(min(meter.left(), seconds or meter.left()))
        sock.connect((ip, port))
        sock.settimeout(meter.left())
    except BaseException:
        sock.close()
        raise
    return sock


def tls_context() -> ssl.SSLContext:
    """Certificates are checked against the system's authorities, and the sockets stay on their meter."""
    context = ssl.create_default_context()
    context.sslsocket_class = MeteredTLS
    return context
