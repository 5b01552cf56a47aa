"""Which RDAP server answers for an address or a name: IANA's bootstrap files (RFC 9224), as the operator keeps them.

The files are ``ipv4.json``, ``ipv6.json`` and ``dns.json``. They are read from a folder and never fetched.
"""

import ipaddress
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from openhotline.core.errors import Misconfigured
from openhotline.core.net.names import is_ip

FILES = {"4": "ipv4.json", "6": "ipv6.json", "name": "dns.json"}


def servers_for(host_or_ip: str, folder: Path) -> tuple[str, ...]:
    """Return the base addresses for an IP address or a host name, https first; () when no file knows it.

    The longest match wins. Raises Misconfigured with a sentence when a file cannot be read.
    """
    if is_ip(host_or_ip):
        ip = ipaddress.ip_address(host_or_ip)
        found = [
            (net.prefixlen, bases)
            for text, bases in _services(folder / FILES[str(ip.version)])
            if (net := _network(text)) is not None and ip in net
        ]
    else:
        labels = host_or_ip.lower().rstrip(".").split(".")
        ends = {".".join(labels[at:]): len(labels) - at for at in range(len(labels))}
        services = _services(folder / FILES["name"])
        found = [(ends[text.lower()], bases) for text, bases in services if text.lower() in ends]
    bases = max(found, key=lambda one: one[0])[1] if found else ()
    return tuple(sorted(bases, key=lambda base: not base.startswith("https://")))


def _services(path: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read(path, changed)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    try:
        services = json.loads(path.read_text(encoding="utf-8"))["services"]
        return tuple((str(entry), _bases(bases)) for entries, bases in services for entry in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misconfigured(
            f"The RDAP bootstrap file {path} cannot be read ({type(error).__name__}). Put IANA's ipv4.json, ipv6.json "
            "and dns.json into the folder that OPENHOTLINE_RDAP_BOOTSTRAP names."
        ) from error


def _bases(bases: list[Any]) -> tuple[str, ...]:
    return tuple(base for base in bases if isinstance(base, str) and base.startswith(("https://", "http://")))


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None
