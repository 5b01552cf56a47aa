"""The package: a tar of the manifest and the originals, inside age, sealed to the partner's key alone.

Both ways are streamed: no original is ever written in clear, and one at a time is in memory.
"""

import io
import json
import os
import tarfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from pyrage import DecryptError, EncryptError, IdentityError, decrypt_io, encrypt_io, x25519

from openhotline.referral.errors import PackageRefused
from openhotline.referral.models.documents import SUMS, Document, sums_told

FORMAT = "openhotline-referral/2"
READABLE = frozenset({"openhotline-referral/1", FORMAT})
"""Formats that are verified; the first had no documents beside the manifest."""
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 20_000_000
CHUNK = 1 << 20


@dataclass(frozen=True)
class VerifiedPackage:
    """A package that opened and holds exactly what its manifest says."""

    referral: str
    items: int
    practice: bool
    manifest_sha256: str


def write_package(
    path: Path,
    manifest: bytes,
    files: Iterable[tuple[str, bytes] | Document],
    *,
    recipient: str,
    at: int,
) -> str:
    """Write a sealed package, readable by its owner alone and durable when this returns; return its SHA-256.

    Documents are written in pieces: of these and of the files, one piece at a time is in memory. ``at`` is the time of
    all files in the tar, in seconds of Unix time.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)
    with os.fdopen(handle, "wb") as file:
        sink = _Hashing(file)
        pieces = _Pieces(_tar(manifest, files, at))
        try:
            encrypt_io(pieces, sink, [x25519.Recipient.from_str(recipient)])
        except EncryptError as error:
            # The library tells of any failure to read as its own; whoever asked needs to know which it was.
            raise pieces.failed or error from error
        file.flush()
        os.fsync(file.fileno())
    return sink.digest.hexdigest()


def _tar(manifest: bytes, files: Iterable[tuple[str, bytes] | Document], at: int) -> Iterator[bytes]:
    yield from _member(MANIFEST, len(manifest), [manifest], at)
    for one in files:
        if isinstance(one, Document):
            yield from _member(one.name, one.bytes, one.pieces(), at)
        else:
            name, content = one
            yield from _member(name, len(content), [content], at)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _member(name: str, size: int, pieces: Iterable[bytes], at: int) -> Iterator[bytes]:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, at, 0o600
    yield info.tobuf(tarfile.PAX_FORMAT)
    yield from pieces
    yield bytes(-size % tarfile.BLOCKSIZE)


class _Pieces(io.RawIOBase):
    """Byte strings, read as one file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self.failed: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return self._read(buffer)
        except Exception as error:
            self.failed = error
            raise

    def _read(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


class _Hashing(io.RawIOBase):
    """Writes through to a file and keeps the SHA-256 of what went through."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = sha256()

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self.digest.update(part)
        return self._file.write(part)


def verify_package(path: Path, *, identity: str, manifest_sha256: str | None = None) -> VerifiedPackage:
    """Open a package with the partner's identity (``AGE-SECRET-KEY-…``) and compare every file with the manifest.

    ``manifest_sha256`` is what the hotline told apart from the package. Raises PackageRefused with the reason.
    """
    try:
        opened = x25519.Identity.from_str(identity.strip())
    except (IdentityError, ValueError) as error:
        raise PackageRefused("The identity is no age secret key (AGE-SECRET-KEY-…). Give the partner's.") from error
    if not path.is_file():
        raise PackageRefused(f"There is no package at {path}. Check the path.")
    with _Decrypted(path, opened) as stream:
        found = _checked(stream)
    if manifest_sha256 is not None and found.manifest_sha256 != manifest_sha256:
        raise PackageRefused("The manifest is not the one that was announced. Ask the hotline before you use it.")
    return found


class _Decrypted:
    """The content of a package as a stream: decrypted by a thread into a pipe, so that it never lies on a disk."""

    def __init__(self, path: Path, identity: x25519.Identity) -> None:
        self._path, self._identity = path, identity
        self._failed: list[Exception] = []

    def __enter__(self) -> IO[bytes]:
        self._out, into = os.pipe()
        self._thread = threading.Thread(target=self._decrypt, args=(into,), daemon=True)
        self._thread.start()
        self._stream = os.fdopen(self._out, "rb")
        return self._stream

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if error is None:
            # What follows the tar must decrypt too, or the package was cut or changed at its end.
            while self._stream.read(CHUNK):
                pass
        self._stream.close()
        self._thread.join()
        failed = [one for one in self._failed if not isinstance(one, BrokenPipeError)]
        if failed and (error is None or isinstance(error, PackageRefused)):
            raise PackageRefused(
                "The package does not open with this identity: it is sealed to another key, or was changed."
            ) from failed[0]

    def _decrypt(self, into: int) -> None:
        try:
            with self._path.open("rb") as source, os.fdopen(into, "wb") as sink:
                decrypt_io(source, sink, [self._identity])
        except (DecryptError, OSError, ValueError) as error:
            self._failed.append(error)


def _checked(stream: IO[bytes]) -> VerifiedPackage:
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            return _compared(tar)
    except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise PackageRefused("The package is damaged: its contents cannot be read.") from error


def _compared(tar: tarfile.TarFile) -> VerifiedPackage:
    first = tar.next()
    if first is None or first.name != MANIFEST or first.size > LONGEST_MANIFEST:
        raise PackageRefused("The package does not begin with its manifest.")
    text = _content(tar, first).read()
    manifest = json.loads(text)
    if manifest["format"] not in READABLE:
        raise PackageRefused(f"The package has the format {manifest['format']!r}; {FORMAT!r} is read here.")
    expected = _expected(text, manifest)
    many = len(expected)
    while (member := tar.next()) is not None:
        if expected.pop(member.name, None) != _measured(tar, member):
            raise PackageRefused(f"The file {member.name!r} is not as the manifest says.")
    if expected:
        raise PackageRefused(f"{len(expected)} of {many} files are missing from the package.")
    return VerifiedPackage(manifest["referral"], len(manifest["items"]), manifest["practice"], sha256(text).hexdigest())


def _expected(text: bytes, manifest: dict[str, Any]) -> dict[str, tuple[str, int]]:
    """Return the SHA-256 and size of each file, by name, as the manifest has them."""
    files = {item["file"]: (item["hashes"]["sha256"], item["bytes"]) for item in manifest["items"]}
    if "documents" in manifest:
        files |= {name: (told["sha256"], told["bytes"]) for name, told in manifest["documents"].items()}
        sums = sums_told(text, manifest)
        files[SUMS] = (sha256(sums).hexdigest(), len(sums))
    return files


def _measured(tar: tarfile.TarFile, member: tarfile.TarInfo) -> tuple[str, int]:
    content, digest, size = _content(tar, member), sha256(), 0
    while part := content.read(CHUNK):
        digest.update(part)
        size += len(part)
    return digest.hexdigest(), size


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member) if member.isreg() else None
    if content is None:
        raise PackageRefused(f"The package holds {member.name!r}, which is no file.")
    return content
