"""The keys in ``$VAR/keys``: made once in practice mode, required in production.

One file a key, mode 0600. What each opens stands beside its name; the public door needs only ``intake.pub``
and ``receipt.key``.
"""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from nacl.public import PrivateKey

from openhotline.core.errors import Misconfigured

NAMES = {
    "secret.key": "signs sessions and forms",
    "epoch-1.key": "wraps the data key of every sealed object",
    "columns.key": "opens encrypted columns",
    "lookup.key": "keyed hashes of addresses and files, for finding the same again",
    "receipt.key": "keyed hashes of receipt words",
    "intake.key": "opens what the public door sealed",
    "intake.pub": "seals what the public door receives",
    "audit.key": "signs checkpoints of the audit log",
    "release.key": "signs releases of the hash list",
}


@dataclass(frozen=True)
class Keyring:
    """The raw keys of an installation, each 32 bytes."""

    folder: Path

    def get(self, name: str) -> bytes:
        """Return one key. Raises Misconfigured when its file is missing or has the wrong length."""
        path = self.folder / name
        try:
            key = path.read_bytes()
        except OSError as error:
            raise Misconfigured(
                f"The key {name} ({NAMES[name]}) cannot be read at {path}: {error.strerror}. "
                "Run `openhotline migrate` to make the keys of a new practice installation, or restore them."
            ) from error
        if len(key) != 32:
            raise Misconfigured(f"The key {name} at {path} has {len(key)} bytes; 32 are needed. Restore it.")
        return key


def make_missing(folder: Path) -> list[str]:
    """Make the keys that are not there yet and return their names. Never replaces one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = [name for name in NAMES if name != "intake.pub" and _write_once(folder / name, secrets.token_bytes(32))]
    public = bytes(PrivateKey((folder / "intake.key").read_bytes()).public_key)
    if _write_once(folder / "intake.pub", public):
        made.append("intake.pub")
    return made


def _write_once(path: Path, content: bytes) -> bool:
    # Written aside and linked into place, so that two processes starting together agree on one key.
    aside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink()
    return True


@cache
def load(name: str) -> bytes:
    """Return a key of this installation by file name."""
    return Keyring(Path(settings.VAR) / "keys").get(name)


def signer(name: str) -> Ed25519PrivateKey:
    """Return a signing key of this installation (``audit.key`` or ``release.key``)."""
    return Ed25519PrivateKey.from_private_bytes(load(name))
