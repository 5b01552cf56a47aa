"""What the DNS says of a host: its IP addresses, the names it stands for, and who answers for its domain."""

from collections.abc import Sequence
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.resolver

from openhotline.core.net.addresses import registered_domain
from openhotline.core.net.errors import FetchFailed
from openhotline.core.net.names import is_ip, is_onion

KINDS = ("A", "AAAA")
MOST = 32


@dataclass(frozen=True)
class Server:
    """A DNS server; ``port`` is 53 but for stand-ins."""

    ip: str
    port: int = 53


@dataclass(frozen=True)
class Names:
    """``ips`` in the order of the answers, ``aliases`` the chain of CNAMEs, ``nameservers`` of the domain."""

    ips: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()


def look_up(host: str, *, servers: Sequence[Server] = (), seconds: float = 10.0) -> Names:
    """Ask for a host; an IP address answers itself. Without ``servers`` the machine's own are asked.

    Raises FetchFailed (code ``name``) when there is no address, or no answer in time.
    """
    if is_ip(host):
        return Names((host,))
    if is_onion(host):
        raise FetchFailed("An onion name is never looked up; nobody is registered as its host.", "name")
    resolver = _resolver(servers, seconds)
    ips: dict[str, None] = {}
    aliases: dict[str, None] = {}
    for kind in KINDS:
        answer = _answer(resolver, host, kind, seconds)
        if answer is not None:
            ips |= dict.fromkeys([row.to_text() for row in answer][:MOST])
            aliases |= dict.fromkeys(_chain(answer, host))
    if not ips:
        raise FetchFailed("The site's name has no IP address at the moment.", "name")
    return Names(tuple(ips), tuple(aliases), _nameservers(resolver, host, seconds))


def _resolver(servers: Sequence[Server], seconds: float) -> dns.resolver.Resolver:
    try:
        resolver = dns.resolver.Resolver(configure=not servers)
    except dns.resolver.NoResolverConfiguration:
        raise FetchFailed("This machine names no DNS server. Set OPENHOTLINE_DNS.", "name") from None
    if servers:
        resolver.nameservers = [server.ip for server in servers]
        resolver.nameserver_ports = {server.ip: server.port for server in servers}
    resolver.lifetime = seconds
    resolver.timeout = min(3.0, seconds)
    return resolver


def _answer(resolver: dns.resolver.Resolver, host: str, kind: str, seconds: float) -> dns.resolver.Answer | None:
    try:
        # The closing dot keeps the machine's search domains out of it.
        return resolver.resolve(dns.name.from_text(f"{host.rstrip('.')}."), kind, search=False)
    except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
        return None
    except dns.exception.Timeout:
        raise FetchFailed(f"The site's name was not answered within {seconds:g} seconds.", "name") from None
    except (dns.exception.DNSException, UnicodeError, OSError):
        raise FetchFailed("The DNS gave no usable answer for the site's name.", "name") from None


def _chain(answer: dns.resolver.Answer, host: str) -> list[str]:
    names = [rrset.name.to_text(omit_final_dot=True).lower() for rrset in answer.response.answer]
    names.append(answer.canonical_name.to_text(omit_final_dot=True).lower())
    return [name for name in names if name != host.lower()][:MOST]


def _nameservers(resolver: dns.resolver.Resolver, host: str, seconds: float) -> tuple[str, ...]:
    try:
        answer = _answer(resolver, registered_domain(host) or host, "NS", seconds)
    except FetchFailed:
        return ()
    return tuple(sorted(row.to_text().rstrip(".").lower() for row in answer or ()))[:MOST]
