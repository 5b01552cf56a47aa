"""A member with an age key of its own, as tests read what is sealed to it."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyrage import decrypt, x25519

from openhotline.hashlists.models import Member, SealedRelease
from openhotline.hashlists.services.build_sealed_edition import build_sealed_edition
from openhotline.hashlists.services.release_sealed import release_sealed
from openhotline.hashlists.states import SealedKind


@dataclass
class Opened:
    """What was sealed: the bytes as they were signed, and the lines by outside id."""

    plain: bytes
    lines: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = {one["entry"]: one for one in map(json.loads, self.plain.splitlines()[2:])}

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the first line."""
        found: dict[str, Any] = json.loads(self.plain.splitlines()[0])
        return found

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Return entries or tombstones."""
        return [one for one in self.lines.values() if one["kind"] == kind]


class Keyring:
    """An age key pair."""

    def __init__(self) -> None:
        self.identity = x25519.Identity.generate()
        self.public = str(self.identity.to_public())

    def open(self, sealed: bytes) -> Opened:
        """Open what was sealed to it."""
        return Opened(decrypt(sealed, [self.identity]))


def out(now: datetime, *members: Member) -> SealedRelease | None:
    """Release the list of addresses if it is due, and build the editions of these members."""
    found = release_sealed(kind=SealedKind.ADDRESSES, actor="step:test", now=now)
    for one in members:
        build_sealed_edition(member=one, kind=SealedKind.ADDRESSES, actor="step:test", now=now)
    return found
