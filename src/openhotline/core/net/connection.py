"""urllib3 connections that go to one checked IP address and nowhere else."""

import logging
import socket
import time
from dataclasses import dataclass

from urllib3.connection import HTTPConnection, HTTPSConnection

from openhotline.core.net import names, ranges, sockets, socks
from openhotline.core.net.addresses import ParsedAddress
from openhotline.core.net.errors import FetchFailed, FetchRefused

# urllib3 writes the address into its warnings about odd headers; addresses never stand in a log.
logging.getLogger("urllib3.connection").setLevel(logging.CRITICAL)
logging.getLogger("urllib3.response").setLevel(logging.CRITICAL)
logging.getLogger("urllib3.util.retry").setLevel(logging.CRITICAL)

_TRIED = 4


@dataclass
class Route:
    """The IP addresses a request may use, all of them checked, and the meter it runs on."""

    ips: tuple[str, ...]
    port: int
    meter: sockets.Meter
    peer: str = ""

    def connect(self) -> socket.socket:
        """Connect to the first of at most four addresses that answers. Raises OSError of the last."""
        last: OSError = OSError("There was no address to connect to.")
        tried = self.ips[:_TRIED]
        for left, ip in zip(range(len(tried), 0, -1), tried, strict=True):
            try:
                sock = sockets.connect(ip, self.port, self.meter, self.meter.left() / left)
            except OSError as error:
                last = error
                continue
            self.peer = str(sock.getpeername()[0])
            return sock
        raise last


@dataclass
class TorRoute:
    """The way through Tor: its proxy is given the name, so that none is looked up here."""

    proxy: tuple[str, int]
    host: str
    port: int
    meter: sockets.Meter
    peer: str = "tor"

    def connect(self) -> socket.socket:
        """Connect to the proxy and have it reach the site. Raises OSError."""
        return socks.connect(self.proxy, self.host, self.port, self.meter)


class PinnedHTTP(HTTPConnection):
    """HTTP to a route; the host name only stands in the Host header."""

    route: Route | TorRoute

    def _new_conn(self) -> socket.socket:
        return self.route.connect()


class PinnedHTTPS(HTTPSConnection):
    """HTTPS to a route; the host name stands in SNI and Host and is what the certificate must show."""

    route: Route | TorRoute

    def _new_conn(self) -> socket.socket:
        return self.route.connect()

    def connect(self) -> None:
        """Open the TCP connection and shake hands within the meter's time."""
        super().connect()
        assert isinstance(self.sock, sockets.MeteredTLS)
        self.sock.meter = self.route.meter


def open_connection(address: ParsedAddress, route: Route | TorRoute) -> PinnedHTTP | PinnedHTTPS:
    """A connection object for this address over this route; nothing is sent yet."""
    connection: PinnedHTTP | PinnedHTTPS
    seconds = route.meter.left()
    if address.scheme == "https":
        context = sockets.tls_context()
        connection = PinnedHTTPS(address.host, address.port, timeout=seconds, ssl_context=context)
    else:
        connection = PinnedHTTP(address.host, address.port, timeout=seconds)
    connection.route = route
    return connection


def checked_ips(
    address: ParsedAddress,
    only: frozenset[tuple[str, int]] | None,
    ends: float,
    resolver: names.Resolver,
) -> tuple[str, ...]:
    """Resolve once and check every answer; one refused answer refuses the whole site.

    With ``only``, exactly those (host, port) pairs pass, and they may be on this machine.

    Raises:
        FetchRefused: by ``only``, by name, by port or by IP address. FetchFailed: the name has no answer.
    """
    practice = only is not None
    if only is not None and (address.host, address.port) not in only:
        raise FetchRefused("Practice fetches only the practice site", "practice")
    if not practice:
        _refuse_if(names.name_refusal(address.host, address.port), "name")
    ips = resolver(address.host, max(ends - time.monotonic(), 0.0))
    for ip in ips:
        if not (practice and ranges.is_loopback(ip)):
            _refuse_if(ranges.refusal(ip), "range")
    if not ips:
        raise FetchFailed("The site's name has no IP address at the moment.", "name")
    return ips


def check_onion(address: ParsedAddress) -> None:
    """Check what there is to check of an onion site: its port. Raises FetchRefused.

    Its name is looked up by nobody; where it leads is decided inside Tor, which cannot reach this machine's network.
    """
    _refuse_if(names.port_refusal(address.port), "name")


def _refuse_if(sentence: str | None, code: str) -> None:
    if sentence is not None:
        raise FetchRefused(sentence, code)
