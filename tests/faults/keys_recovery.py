"""The machine loses every key; each pair of custodians brings them back, nobody alone does."""

from itertools import combinations
from pathlib import Path
from typing import Any

from pyrage import decrypt, encrypt, x25519

from faults import acting
from openhotline.core import custodians, keys, offline
from openhotline.core.clock import now
from openhotline.core.custodians import CustodianRefused, Custodians
from openhotline.core.datakeys import data_keys
from openhotline.evidence.services.recover_keys import recover_keys


def measure(objects: int, sets: int, seed: int, *, planted: bool) -> dict[str, Any]:
    """Return how many objects open after the recovery by each pair, and how often one person alone got anything."""
    acting.people()
    acting.fill(objects, seed)
    people = [x25519.Identity.generate() for _ in range(3)]
    if planted:
        offline.seal_for_pairs = _flat  # type: ignore[assignment] # the planted bug
        custodians.decrypt = _any_layer
    folder = data_keys().folder
    offline.keep_custodians(folder, Custodians(tuple(str(one.to_public()) for one in people)))
    sealed = {path.name: path.read_bytes() for path in offline.wrap(folder, now=now())}
    alone = sum(_alone() for _ in range(sets))
    unreadable, recoveries = 0, 0
    for one, other in combinations((1, 2, 3), 2):
        lose_all(folder)
        secrets = [str(people[one - 1]), str(people[other - 1])]
        recover_keys(sealed=sealed[f"openhotline-keys-{one}+{other}.age"], identities=secrets, now=now())
        unreadable += len(acting.open_all()["closed"])  # type: ignore[arg-type] # a list of names
        recoveries += 1
    return {
        "objects": objects,
        "recoveries_by_two": recoveries,
        "unreadable": unreadable,
        "attempts_by_one": sets * 9,
        "opened_by_one": alone,
    }


def _alone() -> int:
    """Name three new custodians and return how often one of them opens one of the three files alone, of nine tries."""
    people = [x25519.Identity.generate() for _ in range(3)]
    held = keys.Keyring(data_keys().folder).everything()
    sealed = offline.seal_for_pairs(held, Custodians(tuple(str(one.to_public()) for one in people)))
    return sum(_opens(content, [str(one)]) for content in sealed.values() for one in people)


def lose_all(folder: Path) -> None:
    """Destroy every key file, as a lost machine does."""
    for path in folder.glob("*.key"):
        keys.destroy(path)


def _opens(sealed: bytes, identities: list[str]) -> bool:
    try:
        return bool(custodians.open_sealed(sealed, identities))
    except CustodianRefused:
        return False


def _flat(held: dict[str, bytes], named: Custodians) -> dict[str, bytes]:
    """Seal to either of two instead of to both."""
    nested = custodians.seal_for_pairs(held, named)
    recipients = [x25519.Recipient.from_str(one) for one in named.recipients]
    content = custodians.json.dumps(
        {
            "format": custodians.FORMAT,
            "keys": {name: custodians.base64.b64encode(key).decode() for name, key in held.items()},
        }
    ).encode()
    return {pair: bytes(encrypt(content, recipients)) for pair in nested}


def _any_layer(sealed: bytes, identities: list[x25519.Identity]) -> bytes:
    """Open a layer if there is one."""
    return bytes(decrypt(sealed, identities)) if sealed.startswith(b"age-encryption") else sealed
