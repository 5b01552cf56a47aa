"""Requests to an object store, signed by AWS Signature Version 4.

Own code: the libraries that sign bring a client of their own along, and connections are opened by ``core.net`` alone.
It is some forty lines, and a test holds them against the examples that AWS published ("Signature Calculations for the
Authorization Header", Amazon S3 API Reference).
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class StoreKey:
    """Who asks an object store: the id of a key, its secret, and the region that the store says it is in."""

    identity: str
    secret: str = field(repr=False)
    region: str = "us-east-1"


def canonical_query(query: Mapping[str, str]) -> str:
    """Return a query as it is signed and sent: sorted, everything but unreserved characters encoded."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def canonical_path(path: str) -> str:
    """Return a path as it is signed and sent: ``/`` stays, everything else but unreserved characters is encoded."""
    return quote(path, safe="/-_.~")


def signed_headers(
    *,
    method: str,
    host: str,
    path: str,
    query: str,
    key: StoreKey,
    at: datetime,
    headers: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the headers that sign a request without a body.

    ``host`` as the Host header has it, ``path`` and ``query`` canonical (see above), ``at`` the real time: a store
    refuses what is fifteen minutes off. ``headers`` (lower-case names) are signed as well.
    """
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    told = {
        "host": host,
        "x-amz-content-sha256": EMPTY_SHA256,
        "x-amz-date": moment,
        **(headers or {}),
    }
    names = ";".join(sorted(told))
    lines = "".join(f"{name}:{told[name].strip()}\n" for name in sorted(told))
    request = f"{method}\n{path}\n{query}\n{lines}\n{names}\n{EMPTY_SHA256}"
    scope = f"{moment[:8]}/{key.region}/s3/aws4_request"
    to_sign = f"{_ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(_signing_key(key, moment[:8]), to_sign.encode(), hashlib.sha256).hexdigest()
    credential = f"{_ALGORITHM} Credential={key.identity}/{scope},SignedHeaders={names},Signature={signature}"
    return {name: value for name, value in told.items() if name != "host"} | {"authorization": credential}


def _signing_key(key: StoreKey, day: str) -> bytes:
    made = f"AWS4{key.secret}".encode()
    for part in (day, key.region, "s3", "aws4_request"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return made
