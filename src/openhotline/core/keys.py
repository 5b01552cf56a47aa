"""The keys in ``$VAR/keys``: made once in practice mode, by ``openhotline key init`` in production.

One file a key, mode 0600. What each opens stands beside its name; the public door needs only ``intake.pub``
and ``receipt.key``. Epoch keys are numbered, and there may be several; the key store says which one is current.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from nacl.public import PrivateKey

from openhotline.core.durable import flush_folder
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
LENGTH = 32
_EPOCH = re.compile(r"epoch-([1-9][0-9]{0,5})\.key")


def epoch_name(number: int) -> str:
    """Return the file name of an epoch key."""
    return f"epoch-{number}.key"


def epochs_in(folder: Path) -> list[int]:
    """Return the numbers of the epoch keys that lie in a folder, in order."""
    found = (_EPOCH.fullmatch(path.name) for path in folder.glob("epoch-*.key"))
    return sorted(int(match[1]) for match in found if match)


def is_key_name(name: str) -> bool:
    """Say whether a file of this name is one of an installation's keys."""
    return name in NAMES or _EPOCH.fullmatch(name) is not None


def meaning(name: str) -> str:
    """Return what a key opens or signs, in words."""
    return NAMES.get(name, NAMES[epoch_name(1)])


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
                f"The key {name} ({meaning(name)}) cannot be read at {path}: {error.strerror}. "
                "Recover the keys (docs/operators/keys.md); for a new installation run `openhotline key init`."
            ) from error
        if len(key) != LENGTH:
            raise Misconfigured(f"The key {name} at {path} has {len(key)} bytes; {LENGTH} are needed. Recover it.")
        return key

    def everything(self) -> dict[str, bytes]:
        """Return every key of the installation by file name, the epochs' too. Raises Misconfigured."""
        names = {*NAMES, *map(epoch_name, epochs_in(self.folder))} - {epoch_name(1)}
        first = {epoch_name(1)} & {epoch_name(number) for number in epochs_in(self.folder)}
        return {name: self.get(name) for name in sorted(names | first)}


STORE = "data-keys.sqlite3"
"""The key store's file: once it is there, something may lie under the keys of this folder."""


def make_for_new(folder: Path) -> list[str]:
    """Make the keys of a new installation. One that has a key store has lost a missing key: it must be recovered.

    A new key in its place would look well and open nothing.
    """
    return [] if (folder / STORE).exists() else make_missing(folder)


def make_missing(folder: Path) -> list[str]:
    """Make the keys that are not there yet and return their names. Never replaces one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # An installation that has retired its first epoch does not get another first one.
    names = [name for name in NAMES if name != "intake.pub" and not (name == epoch_name(1) and epochs_in(folder))]
    made = [name for name in names if _write_once(folder / name, secrets.token_bytes(LENGTH))]
    public = bytes(PrivateKey((folder / "intake.key").read_bytes()).public_key)
    if _write_once(folder / "intake.pub", public):
        made.append("intake.pub")
    return made


def put_back(folder: Path, found: Mapping[str, bytes], *, replace: bool = False) -> list[str]:
    """Write recovered keys that are not there yet and return their names; ``replace`` writes over those that are.

    Raises Misconfigured when a key is there with other content and may not be replaced, or a name is no key's.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in found.items():
        there = folder / name
        if not is_key_name(name) or len(content) != LENGTH:
            raise Misconfigured(
                f"{name!r} with {len(content)} bytes is no key of an installation. Nothing was written."
            )
        if not replace and there.exists() and there.read_bytes() != content:
            raise Misconfigured(f"Another {name} lies in {folder} already. Recover into an empty folder.")
    if replace:
        for name in found:
            destroy(folder / name)
    written = [name for name, content in found.items() if _write_once(folder / name, content)]
    load.cache_clear()
    return written


def make_epoch(folder: Path, number: int, content: bytes) -> None:
    """Put a new epoch key in its place, durably; the key store makes it the current one."""
    _write_once(folder / epoch_name(number), content)


def destroy(path: Path) -> None:
    """Overwrite a key file, flush, and remove it. Again changes nothing.

    A disk that writes elsewhere than it read (flash, snapshots) may keep the old bytes: encrypt the disk as well.
    """
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    flush_folder(path.parent)
    load.cache_clear()


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
        flush_folder(path.parent)
    return True


@cache
def load(name: str, folder: Path | None = None) -> bytes:
    """Return a key by file name, of this installation or of another folder; kept in memory until the process ends."""
    return Keyring(folder or Path(settings.VAR) / "keys").get(name)


def secret_of(folder: Path) -> str:
    """Return what signs sessions and forms, in hex; empty before the keys are made, and Django then refuses to sign."""
    path = folder / "secret.key"
    return path.read_bytes().hex() if path.exists() else ""


def signer(name: str) -> Ed25519PrivateKey:
    """Return a signing key of this installation (``audit.key`` or ``release.key``)."""
    return Ed25519PrivateKey.from_private_bytes(load(name))
