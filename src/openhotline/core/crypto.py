"""Small values: encrypted columns, keyed hashes for looking up, and what the public door seals.

Files are sealed in ``core.sealing``, under a data key each.
"""

import hmac
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from openhotline.core import keys

NONCE = 12
_DIGITS = 13  # of a hash in hexadecimal: what a float holds exactly


class DoesNotOpen(Exception):  # noqa: N818 - the fact itself
    """What was sealed has been changed, moved or sealed under another key."""


def lock_column(text: str, *, column: str) -> bytes:
    """Encrypt a value of an encrypted column, bound to the column's name."""
    return lock(keys.load("columns.key"), text.encode(), column.encode())


def open_column(locked: bytes, *, column: str) -> str:
    """Decrypt a value of an encrypted column. Raises DoesNotOpen when it belongs elsewhere or was changed."""
    return unlock(keys.load("columns.key"), locked, column.encode()).decode()


def lock(key: bytes, plain: bytes, binds: bytes) -> bytes:
    """Encrypt a short value under a 32-byte key (AES-256-GCM, a random nonce in front), bound to ``binds``."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, binds)


def unlock(key: bytes, locked: bytes, binds: bytes) -> bytes:
    """Decrypt what ``lock`` made. Raises DoesNotOpen when key or binding is another, or a bit was changed."""
    try:
        return AESGCM(key).decrypt(locked[:NONCE], locked[NONCE:], binds)
    except (InvalidTag, ValueError) as error:
        raise DoesNotOpen(
            f"A value bound to {binds.decode(errors='replace')} does not open: it was changed or moved."
        ) from error


def lookup(kind: str, value: str | bytes) -> str:
    """Return the keyed hash (hex) by which the same address or file is found again; useless without the key."""
    return _keyed("lookup.key", kind, value)


def draw(kind: str, name: str) -> float:
    """Return a number from 0 to below 1 that belongs to a name: as good as dice, and the same each time.

    Without the key nobody can foretell it.
    """
    return int(lookup(kind, name)[:_DIGITS], 16) / 16.0**_DIGITS


def receipt_lookup(words: str) -> str:
    """Return the keyed hash (hex) of receipt words: the public door holds only this key."""
    return _keyed("receipt.key", "receipt", words)


def key_of_words(words: str) -> bytes:
    """Return the key (32 bytes) of what only who brings these receipt words is shown.

    It takes both: the words, and the receipt key that the public door and the desk hold. A copy of the database has
    neither.
    """
    return bytes.fromhex(_keyed("receipt.key", "question", words))


def door_lookup(kind: str, value: str | bytes) -> str:
    """Return the keyed hash (hex) of something else that the public door has to find again, such as a partner's key."""
    return _keyed("receipt.key", kind, value)


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
