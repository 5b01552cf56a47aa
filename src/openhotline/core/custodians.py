"""Offline recovery: all keys of an installation, sealed so that any two of three custodians open them.

No sharing of secrets is needed: what two people open together is sealed to one of them inside a sealing to the other
(age inside age), once for each pair. One custodian's identity opens one layer of two files and the contents of none.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations

from pyrage import DecryptError, IdentityError, RecipientError, decrypt, encrypt, x25519

from openhotline.core.errors import Refusal
from openhotline.core.keys import LENGTH, is_key_name

FORMAT = "openhotline-keys/1"
CUSTODIANS = 3
LARGEST = 1_000_000
"""Bytes of a file that is taken for a sealed set of keys; an installation's keys are some thousand."""


class CustodianRefused(Refusal):
    """Custodians, identities or a sealed file that cannot be used; the sentence says which and why."""


@dataclass(frozen=True)
class Custodians:
    """Three age recipients, numbered 1 to 3 in their order. Raises CustodianRefused."""

    recipients: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.recipients) != CUSTODIANS or len(set(self.recipients)) != CUSTODIANS:
            raise CustodianRefused(
                f"There are {len(set(self.recipients))} different recipients; three custodians are needed, each with "
                "an age public key (age1…) of their own."
            )
        for one in self.recipients:
            _recipient(one)

    @property
    def digest(self) -> str:
        """Return the SHA-256 (hex) of the recipients: what two people approve, and what the log names."""
        return sha256("\n".join(self.recipients).encode()).hexdigest()


def seal_for_pairs(keys: Mapping[str, bytes], custodians: Custodians) -> dict[str, bytes]:
    """Return {pair, such as ``1+2``: the sealed keys that these two open together}."""
    held = {name: base64.b64encode(key).decode() for name, key in sorted(keys.items())}
    content = json.dumps({"format": FORMAT, "keys": held}, sort_keys=True).encode()
    sealed = {}
    for (one, inner), (other, outer) in combinations(enumerate(custodians.recipients, start=1), 2):
        sealed[f"{one}+{other}"] = bytes(encrypt(bytes(encrypt(content, [_recipient(inner)])), [_recipient(outer)]))
    return sealed


def open_sealed(sealed: bytes, identities: Sequence[str]) -> dict[str, bytes]:
    """Return the keys of a sealed set by file name, given the secret keys (AGE-SECRET-KEY-…) of its two custodians.

    Raises CustodianRefused.
    """
    if len(sealed) > LARGEST:
        raise CustodianRefused(f"The file has {len(sealed):,} bytes; a sealed set of keys has at most {LARGEST:,}.")
    known = [_identity(one) for one in identities]
    content = sealed
    for layer in ("outer", "inner"):
        try:
            content = bytes(decrypt(content, known))
        except (DecryptError, ValueError) as error:
            raise CustodianRefused(
                f"The {layer} layer does not open with the identities given. Give those of the two custodians that "
                "the file is named after; one alone opens nothing."
            ) from error
    return _keys_of(content)


def _keys_of(content: bytes) -> dict[str, bytes]:
    try:
        told = json.loads(content)
        found = {str(name): base64.b64decode(key, validate=True) for name, key in told["keys"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CustodianRefused("The file opened and holds no set of keys of this software.") from error
    if told.get("format") != FORMAT or not all(is_key_name(name) and len(found[name]) == LENGTH for name in found):
        raise CustodianRefused(f"The file opened and is not of the form {FORMAT}. A newer version may read it.")
    return found


def _recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text)
    except RecipientError as error:
        raise CustodianRefused(f"{text[:80]!r} is no age public key; it has to begin with age1.") from error


def _identity(text: str) -> x25519.Identity:
    try:
        return x25519.Identity.from_str(text.strip())
    except IdentityError as error:
        # The text is a secret: it is not repeated here.
        raise CustodianRefused("An identity is no age secret key; it has to begin with AGE-SECRET-KEY-1.") from error
