"""Bytes that somebody may have hashed here: in memory, in the sandbox, and kept nowhere."""

import hashlib
from dataclasses import dataclass

from openhotline.core.errors import NotNow
from openhotline.core.sandbox.protocol import Failure, SandboxUnavailable
from openhotline.evidence.examiner import sandboxed
from openhotline.evidence.examiner.answers import read_hash


@dataclass(frozen=True)
class FileHashes:
    """Digests in hex by kind; PDQ (64 hex digits) with its quality and the name of the canonical form that was hashed.

    The last three are None of what is no picture that can be read.
    """

    digests: dict[str, str]
    pdq: str | None
    quality: int | None
    canonical: str | None = None


def hash_file(*, data: bytes) -> FileHashes:
    """Return the hashes of a file. It writes nothing. Raises NotNow where files cannot be opened safely."""
    digests = {kind: hashlib.new(kind, data, usedforsecurity=False).hexdigest() for kind in ("sha256", "sha1", "md5")}
    try:
        found = read_hash(sandboxed.sandbox().run(data, {"task": "hash"}))
    except Failure:
        return FileHashes(digests, None, None)
    except SandboxUnavailable as unavailable:
        raise NotNow(
            "Files cannot be opened safely here at the moment. Send hashes, or ask again later."
        ) from unavailable
    return FileHashes(digests, found.pdq, found.quality, found.canonical)
