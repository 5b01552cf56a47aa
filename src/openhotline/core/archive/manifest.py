"""The signed manifest of a backup."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature

from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.archive.files import LIST
from openhotline.core.durable import write_new
from openhotline.core.keys import signer

FORMAT = "openhotline-backup/1"
NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """When a backup was made, of which database, up to which migration and checkpoint, and its files.

    ``taken_back``: how many certificates of what was taken back there were; none is said by backups of before.
    """

    made_at: str
    practice: bool
    vendor: str
    migrations: list[str]
    log_size: int
    log_root: str
    files: int
    files_sha256: str
    has_key_store: bool
    format: str = FORMAT
    taken_back: int = 0


def sign(archive: Path, manifest: Manifest) -> None:
    """Write the manifest, signed by the audit key; durable when this returns. What it lists is on disk before."""
    signature = signer("audit.key").sign(_text(asdict(manifest))).hex()
    write_new(archive / NAME, json.dumps({**asdict(manifest), "signature": signature}, indent=1).encode())


def read(archive: Path) -> Manifest:
    """Return the manifest of a backup that this installation's audit key signed, list of files included.

    Raises ArchiveRefused.
    """
    try:
        told: dict[str, Any] = json.loads((archive / NAME).read_text(encoding="utf-8"))
        signature = bytes.fromhex(told.pop("signature"))
        digest = sha256((archive / LIST).read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveRefused(f"{archive} is no complete backup: {NAME} or {LIST} is missing or damaged.") from error
    try:
        signer("audit.key").public_key().verify(signature, _text(told))
    except InvalidSignature as error:
        raise ArchiveRefused(
            "The backup's signature does not hold under this installation's audit key: it was changed, or is another "
            "installation's. Recover the keys first (`openhotline key recover`)."
        ) from error
    if told.get("format") != FORMAT or told.get("files_sha256") != digest:
        raise ArchiveRefused("The backup's list of files is not the one that was signed. Use another backup.")
    return Manifest(**told)


def _text(told: dict[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
