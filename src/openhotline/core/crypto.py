"""Sealing: objects under a data key of their own, columns under one key, and keyed hashes for looking up.

Objects use Tink's streaming AEAD (AES256_GCM_HKDF_1MB): truncation, reordering and swapping are detected. The
associated data names what the object is, so that a sealed file put in another's place does not open.
"""

import hmac
import io
import secrets
from functools import cache
from hashlib import sha256

import tink
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from tink import secret_key_access, streaming_aead

from openhotline.core import keys

NONCE = 12


class DoesNotOpen(Exception):  # noqa: N818 - the fact itself
    """What was sealed has been changed, moved or sealed under another key."""


@cache
def _register() -> None:
    streaming_aead.register()


def new_data_key() -> bytes:
    """Return a fresh data key, already wrapped by the epoch key."""
    _register()
    handle = tink.new_keyset_handle(streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB)
    raw = tink.proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    return _lock(keys.load("epoch-1.key"), raw, b"data-key")


def seal(data: bytes, *, key: bytes, binds: str) -> bytes:
    """Encrypt an object under its wrapped data key; ``binds`` names what it is and must be given again to open."""
    sink = io.BytesIO()
    with _primitive(key).new_encrypting_stream(_Unclosed(sink), binds.encode()) as stream:
        stream.write(data)
    return sink.getvalue()


def unseal(sealed: bytes, *, key: bytes, binds: str) -> bytes:
    """Open an object. Raises DoesNotOpen if it was changed, cut, swapped or bound to something else."""
    try:
        with _primitive(key).new_decrypting_stream(io.BytesIO(sealed), binds.encode()) as stream:
            return bytes(stream.read())
    except (tink.TinkError, OSError, ValueError) as error:
        raise DoesNotOpen(f"The sealed object {binds} does not open: it was changed or moved.") from error


def _primitive(key: bytes) -> streaming_aead.StreamingAead:
    _register()
    raw = _open(keys.load("epoch-1.key"), key, b"data-key")
    handle = tink.proto_keyset_format.parse(raw, secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


class _Unclosed(io.RawIOBase):
    """Keeps what was written readable after Tink has closed its end."""

    def __init__(self, sink: io.BytesIO) -> None:
        self._sink = sink

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        return self._sink.write(part)  # type: ignore[arg-type] # Tink hands over bytes-like parts


def lock_column(text: str, *, column: str) -> bytes:
    """Encrypt a value of an encrypted column, bound to the column's name."""
    return _lock(keys.load("columns.key"), text.encode(), column.encode())


def open_column(locked: bytes, *, column: str) -> str:
    """Decrypt a value of an encrypted column. Raises DoesNotOpen when it belongs elsewhere or was changed."""
    return _open(keys.load("columns.key"), locked, column.encode()).decode()


def _lock(key: bytes, plain: bytes, binds: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, binds)


def _open(key: bytes, locked: bytes, binds: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(locked[:NONCE], locked[NONCE:], binds)
    except (InvalidTag, ValueError) as error:
        raise DoesNotOpen(f"A value bound to {binds.decode()} does not open: it was changed or moved.") from error


def lookup(kind: str, value: str | bytes) -> str:
    """Return the keyed hash (hex) by which the same address or file is found again; useless without the key."""
    return _keyed("lookup.key", kind, value)


def receipt_lookup(words: str) -> str:
    """Return the keyed hash (hex) of receipt words: the public door holds only this key."""
    return _keyed("receipt.key", "receipt", words)


def _keyed(name: str, kind: str, value: str | bytes) -> str:
    content = value.encode() if isinstance(value, str) else value
    return hmac.new(keys.load(name), kind.encode() + b"\0" + content, sha256).hexdigest()


def seal_at_the_door(text: str) -> bytes:
    """Encrypt to the intake key: who runs the public door cannot read it again."""
    return SealedBox(PublicKey(keys.load("intake.pub"))).encrypt(text.encode())


def open_from_the_door(sealed: bytes) -> str:
    """Open what the public door sealed (workers and desk only)."""
    try:
        return SealedBox(PrivateKey(keys.load("intake.key"))).decrypt(sealed).decode()
    except CryptoError as error:
        raise DoesNotOpen("What the public door sealed does not open with this intake key.") from error
