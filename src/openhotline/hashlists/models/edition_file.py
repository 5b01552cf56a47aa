"""The files that one member is given: an edition, which is a version as it is for that member, and signed changes.

Both are one JSON object a line: the manifest; its Ed25519 signature over ``openhotline edition`` or ``openhotline
changes``, a line feed, and the manifest's line; then entries and tombstones, each in the order of their ids, which are
chance. Each line says ``since``: the version in which it became what it is. The manifest names the member and the
approved release.

``state`` is the sum of the SHA-256 of every line of a copy, modulo 2^256, in hex: changes say from which state they
lead to which, so that changes of another member, left out, repeated or out of turn never fit.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openhotline.hashlists.errors import ReleaseRefused
from openhotline.hashlists.models.release_file import LONGEST_LINE, canonical, open_private, put_in_place

EDITION = "openhotline-edition/1"
CHANGES = "openhotline-changes/1"
SIGNED_AS = {EDITION: b"openhotline edition\n", CHANGES: b"openhotline changes\n"}
MODULUS = 1 << 256
Line = dict[str, Any]


@dataclass(frozen=True)
class Copy:
    """A copy that was checked: whose it is, of which version, and its state."""

    member: str
    version: int
    state: int


def weight(line: bytes) -> int:
    """Return what one line (without its line feed) adds to the state."""
    return int.from_bytes(sha256(line).digest(), "big")


def name_of(line: Line) -> str:
    """Return the outside id of the entry that a line is about."""
    return str(line["entry"])


def write_signed(path: Path, manifest: dict[str, Any], body: Path, key: Ed25519PrivateKey) -> str:
    """Write manifest, signature and body durably under ``path``, whole or not at all; return the manifest's SHA-256."""
    text = canonical(manifest)
    signature = key.sign(SIGNED_AS[manifest["format"]] + text).hex()
    with open_private(path.with_suffix(".part")) as file, body.open("rb") as source:
        file.write(text + b"\n" + canonical({"signature": signature}) + b"\n")
        while part := source.read(1 << 20):
            file.write(part)
        sync(file)
    put_in_place(path)
    return sha256(text).hexdigest()


def sync(file: IO[bytes]) -> None:
    """Make what was written survive a power cut."""
    file.flush()
    os.fsync(file.fileno())


def read_signed(file: IO[bytes], key: Ed25519PublicKey, wanted: str) -> dict[str, Any]:
    """Read manifest and signature, leaving the file at its first line. Raises ReleaseRefused."""
    text, line = file.readline(LONGEST_LINE).removesuffix(b"\n"), file.readline(LONGEST_LINE)
    try:
        signature = bytes.fromhex(json.loads(line)["signature"])
        key.verify(signature, SIGNED_AS[wanted] + text)
        manifest: dict[str, Any] = json.loads(text)
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise ReleaseRefused("The signature does not hold: this was changed, or is another publisher's.") from error
    if line != canonical({"signature": signature.hex()}) + b"\n" or manifest["format"] != wanted:
        raise ReleaseRefused(f"This is not {wanted} as we write it.")
    return manifest


def lines_of(file: Iterable[bytes], digest: str) -> Iterator[bytes]:
    """Yield the lines without line feeds. Raises ReleaseRefused at the end unless they are those that were signed."""
    found = sha256()
    for line in file:
        found.update(line)
        yield line.removesuffix(b"\n")
    if found.hexdigest() != digest:
        raise ReleaseRefused("The lines are not those that were signed: this was changed or cut.")


def verify_edition(path: Path, *, key: Ed25519PublicKey, member: str, practice: bool) -> Copy:
    """Check an edition as its member does. Raises ReleaseRefused with the reason."""
    with path.open("rb") as file:
        manifest = read_signed(file, key, EDITION)
        _check_whose(manifest, member, practice=practice)
        state = sum(weight(line) for line in lines_of(file, manifest["body_sha256"])) % MODULUS
    if f"{state:064x}" != manifest["state"]:
        raise ReleaseRefused("The edition does not have the state that it says.")
    return Copy(member, manifest["version"], state)


def apply_changes(copy: dict[str, bytes], at: Copy, file: IO[bytes], key: Ed25519PublicKey, *, practice: bool) -> Copy:
    """Bring a copy (entry -> line) up by one set of changes, in place, and return where it is then.

    Nothing is changed when it raises ReleaseRefused: for what is not signed, another member's, not the next, or what
    does not lead to the state that it says.
    """
    manifest = read_signed(file, key, CHANGES)
    _check_whose(manifest, at.member, practice=practice)
    if manifest["since"] != at.version or manifest["base"] != f"{at.state:064x}":
        raise ReleaseRefused(
            f"These changes lead on from version {manifest['since']}; the copy is at version {at.version}. "
            "Ask for what came since that, or for the whole edition."
        )
    new, state = dict[str, bytes](), at.state
    # All of it is checked before any of it is read as what it says.
    for line in list(lines_of(islice(file, manifest["lines"]), manifest["body_sha256"])):
        name = name_of(json.loads(line))
        state += weight(line) - (weight(copy[name]) if name in copy and name not in new else 0)
        state -= weight(new[name]) if name in new else 0
        new[name] = line
    if f"{state % MODULUS:064x}" != manifest["state"]:
        raise ReleaseRefused("These changes do not lead to the state that they say. Ask for the whole edition.")
    copy.update(new)
    return Copy(at.member, manifest["version"], state % MODULUS)


def bring_up(copy: Path, changes: Path, *, member: str, key: Ed25519PublicKey, practice: bool) -> tuple[Copy, int]:
    """Bring a copy in a file up by sets of changes, one after another; return where it is then and how many lines.

    The copy is an edition, or what this wrote: its first two lines are then those of the edition that it began with,
    and ``<copy>.at`` holds where it is. It is replaced whole, or not at all when this raises ReleaseRefused.
    """
    place = copy.with_name(f"{copy.name}.at")
    lines = {name_of(json.loads(line)): line for line in copy.read_bytes().splitlines()[2:]}
    if place.exists():
        version, text = place.read_text().split()
        at = Copy(member, int(version), sum(map(weight, lines.values())) % MODULUS)
        if f"{at.state:064x}" != text:
            raise ReleaseRefused("The copy is not what was left here: it was changed. Download the whole edition.")
    else:
        at = verify_edition(copy, key=key, member=member, practice=practice)
    with changes.open("rb") as file:
        while file.peek(1):
            at = apply_changes(lines, at, file, key, practice=practice)
    head = copy.read_bytes().splitlines()[:2]
    part = copy.with_name(f"{copy.name}.part")
    with open_private(part) as out:
        out.write(b"".join(line + b"\n" for line in (*head, *lines.values())))
        sync(out)
    place.write_text(f"{at.version} {at.state:064x}")
    part.replace(copy)
    return at, len(lines)


def _check_whose(manifest: dict[str, Any], member: str, *, practice: bool) -> None:
    if manifest["member"] != member:
        raise ReleaseRefused("This was made for another member of the hash list.")
    if manifest["practice"] and not practice:
        raise ReleaseRefused("This was made in practice mode: generated shapes, no findings. It is not used.")


def write_lines(path: Path, lines: Iterable[Line]) -> tuple[str, int]:
    """Write lines, readable by the owner alone; return the SHA-256 of the bytes and the state."""
    digest, state = sha256(), 0
    with open_private(path) as file:
        for line in lines:
            text = canonical(line)
            state += weight(text)
            digest.update(text + b"\n")
            file.write(text + b"\n")
        sync(file)
    return digest.hexdigest(), state % MODULUS
