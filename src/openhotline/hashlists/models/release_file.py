"""The file of a release: one JSON object a line.

First the manifest, then its signature, then entries and tombstones, each in the order of their ids. The signature
(Ed25519) covers the manifest; the manifest holds the SHA-256 of everything after the signature. So no byte can change
unseen.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openhotline.hashlists.errors import ReleaseRefused

FORMAT = "openhotline-list/1"
LONGEST_LINE = 100_000


@dataclass(frozen=True)
class Body:
    """What was written of entries and tombstones: SHA-256 of the bytes and how many of each."""

    sha256: str
    entries: int
    tombstones: int
    added: int
    withdrawn: int


@dataclass(frozen=True)
class VerifiedRelease:
    """A release file whose signature, contents and purpose were all checked."""

    version: int
    practice: bool
    entries: int
    tombstones: int
    manifest_sha256: str


def canonical(content: Any) -> bytes:
    """Return the one way to write a JSON value here: sorted names, no blanks, ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def signed_text(manifest: bytes) -> bytes:
    """Return the bytes that the signature covers."""
    return b"openhotline release\n" + manifest


def write_body(path: Path, lines: Iterable[dict[str, Any]], version: int) -> Body:
    """Write entries and tombstones, readable by the owner alone and durable when this returns."""
    digest, counts = sha256(), {"entry": 0, "tombstone": 0}
    new = dict.fromkeys(counts, 0)
    with open_private(path) as file:
        for line in lines:
            text = canonical(line) + b"\n"
            digest.update(text)
            file.write(text)
            counts[line["kind"]] += 1
            new[line["kind"]] += line["since"] == version
        _sync(file)
    return Body(digest.hexdigest(), counts["entry"], counts["tombstone"], new["entry"], new["tombstone"])


def write_release(path: Path, manifest: dict[str, Any], body: Path, key: Ed25519PrivateKey) -> str:
    """Write manifest, signature and body beside ``path`` as ``.part``, to be renamed; return the signature in hex."""
    text = canonical(manifest)
    signature = key.sign(signed_text(text)).hex()
    with open_private(path.with_suffix(".part")) as file, body.open("rb") as source:
        file.write(text + b"\n" + canonical({"signature": signature}) + b"\n")
        shutil.copyfileobj(source, file)
        _sync(file)
    return signature


def put_in_place(path: Path) -> None:
    """Rename the finished ``.part`` to its name, durably."""
    path.with_suffix(".part").replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def open_private(path: Path) -> IO[bytes]:
    """Open a file for writing that only its owner can read, empty whatever was there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)
    return os.fdopen(handle, "wb")


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Let one process at a time into the block, by a lock on this file, which ends with the process that holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def verify_release_file(
    path: Path, *, key: Ed25519PublicKey, practice: bool, version: int | None = None, newer_than: int | None = None
) -> VerifiedRelease:
    """Check a release file before anything in it is used.

    ``key`` is the publisher's; ``practice`` says whether this installation is one for practice; ``version`` is the
    version that was asked for, ``newer_than`` the one that is already here. Raises ReleaseRefused with the reason.
    """
    try:
        with path.open("rb") as file:
            text = file.readline(LONGEST_LINE).removesuffix(b"\n")
            _check_signature(text, file.readline(LONGEST_LINE), key)
            manifest = json.loads(text)
            _check_purpose(manifest, practice=practice, version=version, newer_than=newer_than)
            _check_body(manifest, file)
    except OSError as error:
        raise ReleaseRefused(f"The release file {path.name} cannot be read: {error.strerror}.") from error
    return VerifiedRelease(
        version=manifest["version"],
        practice=manifest["practice"],
        entries=manifest["entries"],
        tombstones=manifest["tombstones"],
        manifest_sha256=sha256(text).hexdigest(),
    )


def changes_since(path: Path, version: int) -> Iterator[str]:
    """Yield the lines of a verified release that are news to a copy of an earlier version."""
    with path.open(encoding="ascii") as lines:
        next(lines)
        next(lines)
        for line in lines:
            if json.loads(line)["since"] > version:
                yield line.rstrip("\n")


def _check_signature(text: bytes, line: bytes, key: Ed25519PublicKey) -> None:
    try:
        signature = str(json.loads(line)["signature"])
        key.verify(bytes.fromhex(signature), signed_text(text))
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise ReleaseRefused(
            "The signature does not hold: this file was changed, or is another publisher's."
        ) from error
    # Written another way (upper case, blanks), a signature still holds; the file is then not the one we wrote.
    if line != canonical({"signature": bytes.fromhex(signature).hex()}) + b"\n":
        raise ReleaseRefused("The signature is not written as we write it: this file was changed.")


def _check_purpose(manifest: dict[str, Any], *, practice: bool, version: int | None, newer_than: int | None) -> None:
    if manifest["format"] != FORMAT:
        raise ReleaseRefused(f"The release has the format {manifest['format']!r}; {FORMAT!r} is read here.")
    if manifest["practice"] and not practice:
        raise ReleaseRefused("This release was made in practice mode: generated shapes, no findings. It is not used.")
    if version is not None and manifest["version"] != version:
        raise ReleaseRefused(f"This is version {manifest['version']}; version {version} was asked for.")
    if newer_than is not None and manifest["version"] <= newer_than:
        raise ReleaseRefused(f"This is version {manifest['version']}; version {newer_than} is here already.")


def _check_body(manifest: dict[str, Any], file: IO[bytes]) -> None:
    digest = sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    if digest.hexdigest() != manifest["body_sha256"]:
        raise ReleaseRefused("The entries are not those that were signed: this file was changed or cut.")
