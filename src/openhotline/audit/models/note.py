"""A signed checkpoint as text, to be kept in a second place.

The form is that of C2SP signed notes and tlog checkpoints (https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint):
origin, tree size, root in base64, lines of our own, an empty line, and an Ed25519 signature. A tree is one epoch of the
log; its first leaf is the link to the epoch before, so it has one leaf more than the epoch has records.
"""

import base64
import json
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openhotline.audit.errors import NoteRefused
from openhotline.audit.models.tree import leaf_of

NAME = "openhotline.audit"
_ED25519 = b"\x01"
_LINES = re.compile(
    rf"{re.escape(NAME)}/epoch/(?P<epoch>\d{{1,12}})\n(?P<leaves>\d{{1,18}})\n(?P<root>[A-Za-z0-9+/]{{43}}=)\n"
    r"checkpoint (?P<number>\d{1,18})\nrecords (?P<size>\d{1,18})\n"
    r"previous (?P<previous>[0-9a-f]{64}|none)\nat (?P<at>\S{20,40})\n"
)
_SIGNATURE = re.compile(rf"\n— {re.escape(NAME)} ([A-Za-z0-9+/]{{91,92}}=?)\n")


@dataclass(frozen=True)
class Head:
    """What a checkpoint says. ``size``: records of the whole log; ``start``: those before this epoch."""

    number: int
    epoch: int
    start: int
    size: int
    previous: str
    root: str
    at: datetime

    @property
    def leaves(self) -> int:
        """Return the size of the epoch's tree: its records and its link."""
        return self.size - self.start + 1

    @property
    def text(self) -> str:
        """Return the lines that the signature covers."""
        root = base64.b64encode(bytes.fromhex(self.root)).decode()
        return (
            f"{NAME}/epoch/{self.epoch}\n{self.leaves}\n{root}\ncheckpoint {self.number}\nrecords {self.size}\n"
            f"previous {self.previous or 'none'}\nat {self.at.isoformat()}\n"
        )


def link_of(*, epoch: int, start: int, previous: str) -> bytes:
    """Return the first leaf of an epoch: it binds the signed root of the epoch before. ``previous`` empty: none."""
    return leaf_of(json.dumps(["epoch", epoch, start, previous], separators=(",", ":")).encode())


def note_of(head: Head, signature: str) -> str:
    """Return the whole note; ``signature`` as kept, in hex: four bytes of key hash, 64 of Ed25519."""
    return f"{head.text}\n— {NAME} {base64.b64encode(bytes.fromhex(signature)).decode()}\n"


def read_note(untrusted_text: str) -> tuple[Head, str]:
    """Return head and signature of a note. Raises NoteRefused for everything that is not exactly one."""
    body, gap, signed = untrusted_text.partition("\n\n")
    lines, signature = _LINES.fullmatch(body + "\n"), _SIGNATURE.fullmatch("\n" + signed)
    if not gap or lines is None or signature is None:
        raise NoteRefused("This is not a checkpoint of an audit log: it does not have the form of one.")
    try:
        size, leaves = int(lines["size"]), int(lines["leaves"])
        root, at = base64.b64decode(lines["root"]).hex(), datetime.fromisoformat(lines["at"])
        kept = base64.b64decode(signature[1], validate=True).hex()
    except ValueError as error:
        raise NoteRefused(f"This checkpoint cannot be read: {error}.") from error
    previous = "" if lines["previous"] == "none" else lines["previous"]
    head = Head(int(lines["number"]), int(lines["epoch"]), size - leaves + 1, size, previous, root, at)
    if note_of(head, kept) != untrusted_text:
        raise NoteRefused("This checkpoint is not written as checkpoints are: one thing has one spelling.")
    return head, kept


def sign(head: Head, key: Ed25519PrivateKey) -> str:
    """Return the signature of a head, in hex, with the key hash before it."""
    return (_hash_of(_raw(key.public_key())) + key.sign(head.text.encode())).hex()


def holds(head: Head, signature: str, key: Ed25519PublicKey) -> bool:
    """Say whether a head was signed with this key."""
    try:
        kept = bytes.fromhex(signature)
        key.verify(kept[4:], head.text.encode())
    except (InvalidSignature, ValueError):
        return False
    return kept[:4] == _hash_of(_raw(key))


def key_text(key: Ed25519PublicKey) -> str:
    """Return a public key as signed notes write it: name, key hash, key."""
    raw = _raw(key)
    return f"{NAME}+{_hash_of(raw).hex()}+{base64.b64encode(_ED25519 + raw).decode()}"


def read_key(untrusted_text: str) -> Ed25519PublicKey:
    """Return the key of ``key_text``. Raises NoteRefused."""
    name, _, rest = untrusted_text.strip().partition("+")
    hashed, _, kept = rest.partition("+")
    try:
        raw = base64.b64decode(kept, validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw[1:])
    except ValueError as error:
        raise NoteRefused(f"This is no public key of an audit log: {error}.") from error
    if name != NAME or raw[:1] != _ED25519 or hashed != _hash_of(raw[1:]).hex():
        raise NoteRefused(f"This is no public key of an audit log: it begins with {NAME}+ and holds its own hash.")
    return key


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()


def _hash_of(raw: bytes) -> bytes:
    return sha256(NAME.encode() + b"\n" + _ED25519 + raw).digest()[:4]
