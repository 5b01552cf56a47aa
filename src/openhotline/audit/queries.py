"""Reading and verifying the log."""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature

from openhotline.audit.models import Checkpoint, Record
from openhotline.core.keys import signer


@dataclass(frozen=True)
class Verification:
    """What ``verify`` found: ``faults`` is empty when the log is whole."""

    records: int
    unsealed: int
    checkpoints: int
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True when nothing was touched."""
        return not self.faults


def signature_holds(checkpoint: Checkpoint, text: bytes) -> bool:
    """Say whether a checkpoint was signed by this installation's audit key."""
    try:
        signer("audit.key").public_key().verify(bytes.fromhex(checkpoint.signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def count_of(action: str, measure: Callable[[Record], int] = lambda row: row.count) -> int:
    """Return how many things an action was done to, over the whole log."""
    return sum(measure(row) for row in Record.objects.filter(action=action).iterator())
