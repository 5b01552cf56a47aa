"""A proof as it is handed out: complete in itself, checked with nothing but the log's public key."""

import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from openhotline.audit.errors import NoteRefused
from openhotline.audit.models.note import Head, holds, read_note
from openhotline.audit.models.tree import is_consistent, is_included, leaf_of


@dataclass(frozen=True)
class Proven:
    """What a proof shows: under which head, and either the record's content or the earlier head."""

    head: Head
    record: str = ""
    first: Head | None = None


def check_proof(untrusted_text: str, key: Ed25519PublicKey) -> Proven:
    """Return what a proof shows. Raises NoteRefused with a sentence when it shows nothing."""
    try:
        proof = json.loads(untrusted_text)
        path = [bytes.fromhex(step) for step in proof["path"]]
        head = _signed(proof["checkpoint"], key)
        if "first" in proof:
            return _consistent(head, _signed(proof["first"], key), path)
        return _included(head, str(proof["record"]), int(proof["index"]), path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoteRefused(f"This is no proof of an audit log: {type(error).__name__}.") from error


def _signed(untrusted_note: str, key: Ed25519PublicKey) -> Head:
    head, signature = read_note(untrusted_note)
    if not holds(head, signature, key):
        raise NoteRefused("The proof's checkpoint was not signed with this log's key.")
    return head


def _included(head: Head, record: str, index: int, path: list[bytes]) -> Proven:
    leaf, root = leaf_of(record.encode()), bytes.fromhex(head.root)
    if not is_included(leaf, index=index, size=head.leaves, path=path, root=root):
        raise NoteRefused("The path does not lead from this record to the signed root: it is not in this log.")
    return Proven(head, record=record)


def _consistent(head: Head, first: Head, path: list[bytes]) -> Proven:
    roots = {"first_root": bytes.fromhex(first.root), "root": bytes.fromhex(head.root)}
    if head.epoch != first.epoch or not is_consistent(first=first.leaves, size=head.leaves, path=path, **roots):
        raise NoteRefused("The later checkpoint does not begin with the earlier one: the log between was changed.")
    return Proven(head, first=first)
