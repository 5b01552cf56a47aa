"""Asking who hosts a site: the DNS, the registries by RDAP, the operator's table of networks. Writes nothing."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from ipaddress import ip_address
from typing import Any

from django.conf import settings

from openhotline.core.crypto import lookup
from openhotline.core.net import dns, names, netblocks, rdap
from openhotline.core.net.addresses import registered_domain
from openhotline.core.net.bootstrap import servers_for
from openhotline.core.net.errors import FetchFailed, RdapFailed
from openhotline.core.net.fetch import Policy
from openhotline.removal.models import Cdn, read_cdns, sentence
from openhotline.removal.states import Asked

LONGEST_RECORD = 500_000
SECONDS = 15.0
MOST_REDIRECTS = 3


@dataclass(frozen=True)
class Site:
    """A host name or IP address, and a port."""

    host: str
    port: int

    @property
    def key(self) -> str:
        """Return the keyed hash by which its hosting is found again."""
        return lookup("host", f"{self.host}:{self.port}")


@dataclass(frozen=True)
class Heard:
    """One answer: of whom, what was said (JSON), or why nothing was."""

    asked: Asked
    source: str
    said: str
    failure: str = ""


@dataclass(frozen=True)
class SiteFacts:
    """What was said of a site. ``network`` None: nobody could say who hosts it, and ``failure`` says why."""

    heard: tuple[Heard, ...] = ()
    network: rdap.Hosting | None = None
    domain: rdap.Hosting | None = None
    block: netblocks.Netblock = field(default_factory=netblocks.Netblock)
    cdn: str = ""
    failure: str = ""
    others: tuple[rdap.Hosting, ...] = ()
    """Further networks in which addresses of the site lie."""

    @property
    def country(self) -> str:
        """Return the country as the registry states it, else as the table does."""
        return (self.network.country if self.network else "") or self.block.country


def ask_site(site: Site) -> SiteFacts:
    """Ask about one site. Failures are facts too: nothing is raised but Misconfigured."""
    heard: list[Heard] = []
    try:
        found = _names(site.host)
    except FetchFailed as error:
        heard.append(Heard(Asked.DNS, "", "{}", sentence(str(error))))
        return SiteFacts(tuple(heard), failure=sentence(f"The host could not be looked up: {error}"))
    heard.append(Heard(Asked.DNS, "", _json(asdict(found))))
    told, failure = _networks(found.ips, heard)
    # The same whatever the order in which the DNS gives them, so that a host does not seem to move.
    nobody = told[0] if told else (_in_order(found.ips)[0], None)
    ip, network = next((one for one in told if one[1].abuse_email), nobody)
    blocks = {one: netblocks.netblock_of(one, *settings.NETWORK_TABLES) for one in [ip, *(other for other, _ in told)]}
    if settings.NETWORK_TABLES:
        heard += [Heard(Asked.TABLE, "", _json(asdict(block))) for block in dict.fromkeys(blocks.values())]
    domain, _ = _asked(site.host, Asked.DOMAIN, heard) if registered_domain(site.host) else (None, "")
    names_of = {one: answer.organisation for one, answer in told}
    fronts = (
        _front(block.asn, " ".join(filter(None, [block.organisation, names_of.get(one)])), found.aliases)
        for one, block in blocks.items()
    )
    return SiteFacts(
        heard=tuple(heard),
        network=network,
        domain=domain,
        block=blocks[ip],
        cdn=next(filter(None, fronts), ""),
        failure="" if network else failure,
        others=tuple(answer for one, answer in told if one != ip),
    )


def _networks(ips: Sequence[str], heard: list[Heard]) -> tuple[list[tuple[str, rdap.Hosting]], str]:
    """Ask about the network of every IP address, each network once; return what was told and why something was not."""
    told, failure = list[tuple[str, rdap.Hosting]](), ""
    for ip in _in_order(ips):
        if any(_lies_in(ip, network) for _, network in told):
            continue
        network, why = _asked(ip, Asked.NETWORK, heard)
        failure = failure or why
        if network is not None:
            told.append((ip, network))
    return told, failure


def _in_order(ips: Sequence[str]) -> list[str]:
    return sorted(ips, key=lambda one: ((parsed := ip_address(one)).version, int(parsed)))


def _lies_in(ip: str, network: rdap.Hosting) -> bool:
    if not network.start or not network.end:
        return False
    try:
        here, start, end = (ip_address(one.partition("/")[0]) for one in (ip, network.start, network.end))
    except ValueError:
        return False
    return here.version == start.version == end.version and int(start) <= int(here) <= int(end)


def _names(host: str) -> dns.Names:
    if settings.FETCH_ONLY is not None:
        # Practice asks no name server: it knows this machine's name only.
        return dns.Names(names.resolve(host))
    return dns.look_up(host, servers=settings.DNS_SERVERS)


def _asked(what: str, asked: Asked, heard: list[Heard]) -> tuple[rdap.Hosting | None, str]:
    policy = Policy(LONGEST_RECORD, SECONDS, MOST_REDIRECTS, only=settings.FETCH_ONLY, accept="application/rdap+json")
    folder = settings.RDAP_BOOTSTRAP
    bases = (servers_for(what, folder) if folder else ()) + settings.RDAP_SERVERS
    try:
        found = rdap.lookup(what, bases=bases, policy=policy)
    except (RdapFailed, FetchFailed) as error:
        failure = sentence(f"The host could not be looked up: {error}")
        heard.append(Heard(asked, "", "{}", failure))
        return None, failure
    heard.append(Heard(asked, _server(found.source), _json(asdict(found))))
    return found, ""


def _server(source: str) -> str:
    return source.partition("://")[2].partition("/")[0][:200]


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def _front(asn: int, organisation: str, aliases: tuple[str, ...]) -> str:
    """Return the name of the network that stands in front of the site; "" for none that the table knows."""
    tables: tuple[Cdn, ...] = read_cdns(settings.CDNS) if settings.CDNS else read_cdns()
    in_front = (one for one in tables if one.is_in_front(asn=asn, organisation=organisation, aliases=aliases))
    return next((one.name for one in in_front), "")
