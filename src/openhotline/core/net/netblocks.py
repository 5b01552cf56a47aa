"""Whose network an IP address lies in: a file of the operator in MaxMind's format. Nothing is asked of anybody."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import maxminddb

from openhotline.core.errors import Misconfigured

_LONGEST = 200


@dataclass(frozen=True)
class Netblock:
    """``asn`` 0, ``organisation`` and ``country`` (ISO 3166 alpha-2) "": the file does not say."""

    asn: int = 0
    organisation: str = ""
    country: str = ""


def netblock_of(ip: str, *paths: Path) -> Netblock:
    """Return what the files together say of an IP address; the first that says something wins, field by field.

    Fields are read as GeoLite2-ASN, GeoLite2-Country and the files of IPinfo name them. Raises Misconfigured.
    """
    found = [_record(ip, path) for path in paths]
    return Netblock(
        asn=next((asn for record in found if (asn := _asn(record))), 0),
        organisation=next((name for record in found if (name := _organisation(record))), ""),
        country=next((code for record in found if (code := _country(record))), ""),
    )


def _record(ip: str, path: Path) -> dict[str, Any]:
    try:
        record = _reader(path, path.stat().st_mtime_ns).get(ip)
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        raise Misconfigured(
            f"The table of networks {path} cannot be read ({type(error).__name__}). OPENHOTLINE_NETWORKS names files "
            "in MaxMind's format (.mmdb)."
        ) from error
    except ValueError:
        return {}  # an IPv6 address, and a file of IPv4 alone
    return record if isinstance(record, dict) else {}


@lru_cache(maxsize=8)
def _reader(path: Path, _changed: int) -> maxminddb.Reader:
    return maxminddb.open_database(path, maxminddb.MODE_MMAP)


def _asn(record: dict[str, Any]) -> int:
    value = record.get("autonomous_system_number") or str(record.get("asn", "")).upper().removeprefix("AS")
    return int(value) if str(value).isdecimal() else 0


def _organisation(record: dict[str, Any]) -> str:
    value = record.get("autonomous_system_organization") or record.get("as_name") or record.get("name") or ""
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""


def _country(record: dict[str, Any]) -> str:
    value = record.get("country") or record.get("country_code") or ""
    code = value.get("iso_code", "") if isinstance(value, dict) else value
    return code.upper() if isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha() else ""
