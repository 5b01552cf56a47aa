"""From a site's name to its IP addresses, and the names and ports that are never tried."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable

from openhotline.core.net.errors import FetchFailed

Resolver = Callable[[str, float], tuple[str, ...]]

_INSIDE = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "home.arpa",
    "test",
    "invalid",
    "alt",
)
# The ports browsers refuse (WHATWG Fetch, "bad port"), and those of databases, caches and control planes.
_PORTS = frozenset({
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526,
    530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 873, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723,
    2049, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 5900, 6000, 6379, 6443,
    6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9200, 9300, 10080, 10250, 11211, 27017,
})  # fmt: skip


def is_onion(host: str) -> bool:
    """Whether a host is an onion site's name (RFC 7686)."""
    return host.rstrip(".").lower().endswith(".onion")


def port_refusal(port: int) -> str | None:
    """The sentence why this port is never tried, or None."""
    return f"Port {port} belongs to another service than the web, so it is not fetched." if port in _PORTS else None


def name_refusal(host: str, port: int) -> str | None:
    """The sentence why this host name or port is never tried, or None. No name is looked up to answer."""
    if (sentence := port_refusal(port)) is not None or is_ip(host):
        return sentence
    name = host.rstrip(".").lower()
    if is_onion(name):
        return "Onion addresses are reached only through Tor, never by this fetcher."
    if "." not in name or any(name == end or name.endswith(f".{end}") for end in _INSIDE):
        return "The name belongs to an inner network. Only names of the public internet are fetched."
    return None


def resolve(host: str, seconds: float = 10.0) -> tuple[str, ...]:
    """All IP addresses of a host, IPv4 and IPv6, in the system's order; an IP address answers itself.

    Raises:
        FetchFailed: no answer within ``seconds``, or no address for that name (code ``name``).
    """
    if is_ip(host):
        return (host,)
    if is_onion(host):
        # RFC 7686: to ask for it would tell every server on the way which onion site was reported.
        raise FetchFailed("An onion name is never looked up; onion sites are reached only through Tor.", "name")
    answers: queue.SimpleQueue[tuple[str, ...]] = queue.SimpleQueue()
    # getaddrinfo knows no time limit; a thread left waiting ends by itself with the system's own limit.
    threading.Thread(target=lambda: answers.put(_addresses(host)), daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise FetchFailed(f"The site's name was not answered within {seconds:.0f} seconds.", "name") from None
    if not found:
        raise FetchFailed("The site's name has no IP address at the moment.", "name")
    return found


def _addresses(host: str) -> tuple[str, ...]:
    # The closing dot keeps the machine's search domains, and whoever answers for them, out of it.
    name = f"{host.rstrip('.')}." if "." in host else host
    try:
        rows = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(row[4][0]) for row in rows))


def is_ip(host: str) -> bool:
    """Whether a host is an IP address and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
