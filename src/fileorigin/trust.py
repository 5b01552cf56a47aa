"""Whom to trust: lists that the operator keeps on disk. Nothing here is fetched."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

ANCHORS, INTERIM, REVOKED = "anchors.pem", "interim.pem", "revoked.txt"

_SERIAL = re.compile(r"[0-9]{1,60}|0x[0-9a-fA-F]{1,50}|[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){1,24}")
_EMPTY = "The trust list is not a list of certificates; give root certificates in PEM, or none."


@dataclass(frozen=True)
class TrustLists:
    """Whom to trust, as the operator keeps it on disk.

    `anchors` are root certificates in PEM, e.g. the C2PA trust list. `interim` are those of the list that was
    frozen on 1 January 2026: a signer that only they vouch for is a lower class and counts as untrusted on the axes.
    `revoked` are serial numbers (decimal) of signers that are known to be revoked, because offline there is no OCSP:
    their signatures count as untrusted. What is not certificates raises ValueError: an empty trust list by mistake
    must not look like untrusted signers.
    """

    anchors: str = ""
    revoked: frozenset[str] = frozenset()
    interim: str = ""
    checked: bool = field(default=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for pem in (self.anchors, self.interim):
            if pem and not self.checked:
                _require_certificates(pem)

    @classmethod
    def from_path(cls, path: Path) -> Self:
        """Read a file of root certificates, or a folder with `anchors.pem` and, if wanted, the two other files.

        `interim.pem` holds the interim roots, `revoked.txt` a serial number a line (decimal, 0x... or aa:bb:...;
        `#` begins a remark). Raises ValueError with a sentence that names the file and what is wrong.
        """
        if not path.is_dir():
            return cls(anchors=_certificates(path))
        interim, revoked = path / INTERIM, path / REVOKED
        return cls(
            anchors=_certificates(path / ANCHORS),
            interim=_certificates(interim) if interim.exists() else "",
            revoked=_serials(revoked) if revoked.exists() else frozenset(),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the lists as JSON takes them, for another process."""
        return {"anchors": self.anchors, "interim": self.interim, "revoked": sorted(self.revoked)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Return what `to_dict` gave, in a process that can open no file: it was checked where it was read."""
        return cls(told["anchors"], frozenset(told["revoked"]), told["interim"], checked=True)

    @property
    def sha256(self) -> str:
        """Identifies exactly these lists; it stands in every piece of evidence."""
        whole = "\n".join([self.anchors, *sorted(self.revoked)])
        if self.interim:
            whole += "\ninterim\n" + self.interim
        return hashlib.sha256(whole.encode()).hexdigest()


def _certificates(path: Path) -> str:
    pem = _read(path)
    if not pem.strip():
        raise ValueError(f"{path} is empty. {_EMPTY}")
    try:
        _require_certificates(pem)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    return pem


def _require_certificates(pem: str) -> None:
    # Only whoever has a list pays for this import.
    from cryptography.x509 import load_pem_x509_certificates

    try:
        load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise ValueError(_EMPTY) from error


def _serials(path: Path) -> frozenset[str]:
    found = set()
    for number, line in enumerate(_read(path).splitlines(), 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        if _SERIAL.fullmatch(text) is None:
            raise ValueError(
                f"{path}, line {number}: {text[:60]!r} is no serial number; write it decimal, as 0x... or as aa:bb:..."
            )
        found.add(str(int(text.replace(":", ""), 16)) if ":" in text or text.startswith("0x") else str(int(text)))
    return frozenset(found)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}); give a file or folder that exists.") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} holds more than plain letters; PEM and serial numbers are ASCII.") from error
