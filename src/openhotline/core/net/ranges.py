"""Internet addresses the platform never connects to.

An explicit table, because ``ipaddress.is_global`` lets multicast, NAT64 of loopback, ``::127.0.0.1`` and
cloud metadata through. IPv4: everything but the ranges below. IPv6: only 2000::/3, and not the ranges below.
Source: the IANA special-purpose registries, and the clouds' own documents for metadata.
"""

import ipaddress

_OWN = "this machine itself"
_PRIVATE = "a private network"
_EMBEDDED = "an IPv4 address inside an IPv6 address, which could lead anywhere"
_RESERVED = "reserved, not the public internet"
_TABLE: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", _OWN),
    ("10.0.0.0/8", _PRIVATE),
    ("100.64.0.0/10", "a provider's inner network, with some clouds' metadata"),
    ("127.0.0.0/8", _OWN),
    ("168.63.129.16/32", "a cloud's metadata service"),
    ("169.254.0.0/16", "link-local, with the clouds' metadata services"),
    ("172.16.0.0/12", _PRIVATE),
    ("192.0.0.0/24", _RESERVED),
    ("192.0.2.0/24", "for documentation only"),
    ("192.31.196.0/24", _RESERVED),
    ("192.52.193.0/24", _RESERVED),
    ("192.88.99.0/24", "the withdrawn 6to4 relays"),
    ("192.168.0.0/16", _PRIVATE),
    ("192.175.48.0/24", _RESERVED),
    ("198.18.0.0/15", "for measuring networks"),
    ("198.51.100.0/24", "for documentation only"),
    ("203.0.113.0/24", "for documentation only"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved or broadcast"),
    ("::1/128", _OWN),
    ("::/128", _OWN),
    ("::ffff:0:0/96", _EMBEDDED),
    ("::ffff:0:0:0/96", _EMBEDDED),
    ("::/96", _EMBEDDED),
    ("64:ff9b::/96", _EMBEDDED),
    ("64:ff9b:1::/48", _EMBEDDED),
    ("100::/64", "the discard range"),
    ("2001::/32", "Teredo: an IPv4 address inside an IPv6 address"),
    ("2001::/23", _RESERVED),
    ("2001:db8::/32", "for documentation only"),
    ("2002::/16", "6to4: an IPv4 address inside an IPv6 address"),
    ("2620:4f:8000::/48", _RESERVED),
    ("3ffe::/16", _RESERVED),
    ("3fff::/20", "for documentation only"),
    ("5f00::/16", _RESERVED),
    ("fc00::/7", "a private network, with some clouds' metadata"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "a private network (site-local)"),
    ("ff00::/8", "multicast"),
)
_REFUSED = tuple((ipaddress.ip_network(network), why) for network, why in _TABLE)
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")


def refusal(ip: str) -> str | None:
    """The sentence why nothing may connect to this IP address, or None when it is on the public internet."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return "The site's name led to something that is not an IP address."
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return "The IP address names a network card of this machine; only the public internet is fetched."
    for network, why in _REFUSED:
        if address.version == network.version and address in network:
            return f"The IP address is in {network}: {why}. Only the public internet is fetched."
    if address.version == 6 and address not in _GLOBAL_V6:
        return "The IPv6 address is outside 2000::/3. Only the public internet is fetched."
    return None


def is_loopback(ip: str) -> bool:
    """Whether this is 127.0.0.0/8 or ::1, written plainly (no embedded forms)."""
    try:
        return ipaddress.ip_address(ip) in (
            ipaddress.ip_network("127.0.0.0/8") if "." in ip else ipaddress.ip_network("::1/128")
        )
    except ValueError:
        return False
