"""Names that leave the database: a prefix and 128 bits of chance."""

import base64
import secrets
from collections.abc import Iterable
from hashlib import sha256


def public_id(prefix: str) -> str:
    """Return a new outside name such as ``rep_k3v…``: the prefix, then 26 characters of base32."""
    return f"{prefix}_{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}"


def digest_of(names: Iterable[int | str]) -> str:
    """Return the SHA-256 (hex) of a list of ids in its order, one a line: what an audit record of a batch keeps."""
    return sha256("\n".join(str(name) for name in names).encode()).hexdigest()
