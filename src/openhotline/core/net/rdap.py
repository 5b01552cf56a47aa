"""Who is responsible for an IP address or a name: RDAP (RFC 9082, 9083) with jCard (RFC 7095)."""

import ipaddress
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from openhotline.core.net import addresses, names
from openhotline.core.net.errors import AddressInvalid, FetchFailed, FetchRefused, RdapFailed
from openhotline.core.net.fetch import Policy, fetch
from openhotline.core.net.names import resolve

__all__ = ["Hosting", "lookup", "resolve"]

# A registry that the operator named is asked about a network; nothing that was reported is fetched.
REGISTRY = "registry"
_MAIL = re.compile(r"^[^\s<>@,;:\"\\]{1,64}@[^\s<>@,;:\"\\]{1,255}$")
_COUNTRY = re.compile(r"^[A-Z]{2}$")
_DEEPEST = 6
_MOST = 500


@dataclass(frozen=True)
class Hosting:
    """What the registry says, None where it says nothing. ``source`` is the address that answered.

    ``organisation`` is the registrant's name; ``name`` the network's or domain's own. ``country`` is ISO 3166
    alpha-2 as the registry states it for a network. ``start`` and ``end`` are the first and last IP address.
    ``owner_email`` is the registrant's own; ``registrar`` and its abuse address stand in records of domains.
    """

    source: str
    handle: str | None
    name: str | None
    organisation: str | None
    country: str | None
    abuse_email: str | None
    start: str | None
    end: str | None
    owner_email: str | None = None
    registrar: str | None = None
    registrar_email: str | None = None
    domain: str | None = None


def lookup(host_or_ip: str, *, bases: tuple[str, ...], policy: Policy) -> Hosting:
    """Ask the RDAP servers at ``bases`` in turn; the first record wins.

    An IP address is asked for as a network, a name as its registered domain: for who hosts a site, ``resolve``
    its name first and ask for the IP address.

    Raises:
        RdapFailed: nothing to ask, or no base gave a record; the sentence has each base's reason. A record about
            another network or name than was asked for is none.
    """
    policy = replace(policy, authority=REGISTRY)
    if not bases:
        raise RdapFailed("No RDAP server is set. Name at least one in the settings.")
    query = _query(host_or_ip)
    reasons: list[str] = []
    for base in bases:
        try:
            return _checked(_asked(f"{base.rstrip('/')}/{query}", policy), query)
        except (FetchRefused, FetchFailed, RdapFailed) as error:
            reasons.append(str(error))
    raise RdapFailed("No registration record: " + " ".join(dict.fromkeys(reasons)))


def _query(host_or_ip: str) -> str:
    bare = host_or_ip.strip().strip("[]")
    try:
        host = addresses.parse(f"https://[{bare}]/" if ":" in bare else f"https://{bare}/").host
    except AddressInvalid as error:
        raise RdapFailed(str(error)) from None
    if names.is_ip(host):
        return f"ip/{host}"
    return f"domain/{quote(addresses.registered_domain(host) or host.rstrip('.'))}"


def _asked(address: str, policy: Policy) -> Hosting:
    answer = fetch(address, policy=policy)
    if answer.status != 200:
        raise RdapFailed(f"The registry answered {answer.status}.")
    if answer.truncated:
        raise RdapFailed(f"The registry's record is longer than {policy.max_bytes:,} bytes.")
    try:
        record = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise RdapFailed("The registry's answer is not JSON.") from None
    if not isinstance(record, dict):
        raise RdapFailed("The registry's answer is not a record.")
    if record.get("objectClassName") not in {"ip network", "domain"}:
        raise RdapFailed("The registry's answer is neither a network nor a domain.")
    return _hosting(record, answer.final_address)


def _checked(found: Hosting, query: str) -> Hosting:
    """Return the record if it is about what was asked: a server may be wrong, or lie."""
    kind, _, asked = query.partition("/")
    if kind == "domain":
        name = (found.domain or asked).rstrip(".").lower()
        about_it = name == asked.rstrip(".").lower()
    else:
        about_it = _within(asked, found.start, found.end)
    if not about_it:
        raise RdapFailed("The registry's answer is about something else than was asked for.")
    return found


def _within(ip: str, start: str | None, end: str | None) -> bool:
    """Say whether an IP address lies from ``start`` to ``end``; a record that does not name both leaves it open."""
    if start is None or end is None:
        return True
    try:
        first, asked, last = (ipaddress.ip_address(one.partition("/")[0]) for one in (start, ip, end))
    except ValueError:
        return False
    return first.version == asked.version == last.version and int(first) <= int(asked) <= int(last)


def _hosting(record: dict[str, Any], source: str) -> Hosting:
    entities = list(_entities(record))
    registrar = next((entity for entity in entities if _has_role(entity, "registrar")), None)
    country = _text(record.get("country"))
    return Hosting(
        source=source,
        handle=_text(record.get("handle")),
        name=_text(record.get("name")) or _text(record.get("ldhName")),
        organisation=_first(_name(entity) for entity in entities if _has_role(entity, "registrant")),
        country=country.upper() if country and _COUNTRY.match(country.upper()) else None,
        abuse_email=_first(_email(entity) for entity in entities if _has_role(entity, "abuse")),
        start=_text(record.get("startAddress")),
        end=_text(record.get("endAddress")),
        owner_email=_first(_email(entity) for entity in entities if _has_role(entity, "registrant")),
        registrar=_name(registrar) if registrar else None,
        registrar_email=_abuse_of(registrar) if registrar else None,
        domain=_text(record.get("ldhName")),
    )


def _abuse_of(entity: dict[str, Any]) -> str | None:
    """Return the abuse address within an entity."""
    return _first(_email(inner) for inner in _entities(entity) if _has_role(inner, "abuse"))


def _entities(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All entities, outer before inner, within bounds on depth and number."""
    level, count = [record], 0
    for _ in range(_DEEPEST):
        inner = [one for outer in level for one in _list(outer.get("entities")) if isinstance(one, dict)]
        level = inner[: _MOST - count]
        count += len(level)
        yield from level


def _has_role(entity: dict[str, Any], role: str) -> bool:
    return any(isinstance(one, str) and one.lower() == role for one in _list(entity.get("roles")))


def _name(entity: dict[str, Any]) -> str | None:
    return _first(_text(value) for wanted in ("org", "fn") for value in _card(entity, wanted))


def _email(entity: dict[str, Any]) -> str | None:
    found = (_text(value) for value in _card(entity, "email"))
    return _first(mail for mail in (one.removeprefix("mailto:") for one in found if one) if _MAIL.match(mail))


def _card(entity: dict[str, Any], wanted: str) -> Iterator[Any]:
    """The values of one property of the entity's jCard: ["vcard", [[name, parameters, type, value], ...]]."""
    card = _list(entity.get("vcardArray"))
    for row in _list(card[1]) if len(card) > 1 else []:
        if isinstance(row, list) and len(row) > 3 and str(row[0]).lower() == wanted:
            # "org" may be a list of the organisation and its units.
            yield row[3][0] if isinstance(row[3], list) and row[3] else row[3]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    """A stated text of at most 500 characters; None for anything else, and for nothing."""
    if not isinstance(value, str):
        return None
    return " ".join(value.split())[:500] or None


def _first(values: Iterator[str | None]) -> str | None:
    return next((value for value in values if value), None)
