"""The sealed sets of keys in ``$VAR/keys/offline``, who their custodians are, and what they hold."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from openhotline.core.custodians import Custodians, seal_for_pairs
from openhotline.core.durable import flush_folder
from openhotline.core.errors import Missing
from openhotline.core.keys import Keyring

FOLDER = "offline"
CUSTODIANS = "custodians.json"
WRAPPED = "wrapped.json"
RECOVERED = "recovered.json"


@dataclass(frozen=True)
class Wrapped:
    """What was sealed last: when, for whom (digest of the recipients), which keys, and the digest of their contents."""

    at: str
    custodians: str
    names: tuple[str, ...]
    digest: str


def custodians_of(folder: Path) -> Custodians | None:
    """Return who was named to keep the keys in this folder, or None."""
    try:
        return Custodians(tuple(json.loads((folder / CUSTODIANS).read_text())))
    except FileNotFoundError:
        return None


def keep_custodians(folder: Path, custodians: Custodians) -> None:
    """Write down who keeps the keys in this folder."""
    _put(folder / CUSTODIANS, json.dumps(list(custodians.recipients)).encode())


def wrap(folder: Path, *, now: datetime, more: dict[str, bytes] | None = None, leave_out: str = "") -> list[Path]:
    """Seal all keys in a folder for each pair of its custodians, durably; return the three files.

    ``more`` are keys that do not lie in the folder yet, ``leave_out`` is one that is about to be destroyed. Raises
    Missing when no custodians were named.
    """
    custodians = custodians_of(folder)
    if custodians is None:
        raise Missing("No custodians are named. Name three: `openhotline key custodians`.")
    held = Keyring(folder).everything() | (more or {})
    held.pop(leave_out, None)
    target = folder / FOLDER
    target.mkdir(exist_ok=True, mode=0o700)
    paths = []
    for pair, sealed in seal_for_pairs(held, custodians).items():
        path = target / f"openhotline-keys-{pair}.age"
        _put(path, sealed)
        paths.append(path)
    told = Wrapped(now.isoformat(), custodians.digest, tuple(sorted(held)), _digest(held))
    _put(target / WRAPPED, json.dumps(asdict(told)).encode())
    return paths


def wrapped(folder: Path) -> Wrapped | None:
    """Return what was sealed last in this folder, or None."""
    try:
        told = json.loads((folder / FOLDER / WRAPPED).read_text())
    except FileNotFoundError:
        return None
    return Wrapped(told["at"], told["custodians"], tuple(told["names"]), told["digest"])


def is_up_to_date(folder: Path) -> bool:
    """Say whether the sealed sets hold exactly the keys that lie here, for the custodians named now."""
    last, custodians = wrapped(folder), custodians_of(folder)
    if last is None or custodians is None or last.custodians != custodians.digest:
        return False
    return last.digest == _digest(Keyring(folder).everything())


def _digest(held: dict[str, bytes]) -> str:
    # Of 32 random bytes a key: says nothing about them.
    return sha256(b"".join(name.encode() + b"\0" + key for name, key in sorted(held.items()))).hexdigest()


def _put(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    flush_folder(path.parent)
