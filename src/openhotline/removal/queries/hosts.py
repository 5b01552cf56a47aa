"""Asking who hosts a site: the DNS, the registries by RDAP, the operator's table of networks. Writes nothing."""

import json
from dataclasses import asdict, dataclass, field
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
    block = netblocks.netblock_of(found.ips[0], *settings.NETWORK_TABLES)
    if settings.NETWORK_TABLES:
        heard.append(Heard(Asked.TABLE, "", _json(asdict(block))))
    network, failure = _asked(found.ips[0], Asked.NETWORK, heard)
    domain, _ = _asked(site.host, Asked.DOMAIN, heard) if registered_domain(site.host) else (None, "")
    organisation = " ".join(filter(None, [block.organisation, network.organisation if network else ""]))
    return SiteFacts(
        heard=tuple(heard),
        network=network,
        domain=domain,
        block=block,
        cdn=_front(block.asn, organisation, found.aliases),
        failure=failure,
    )


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
