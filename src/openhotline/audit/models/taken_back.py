"""What nobody may bring back, as a chain of signed certificates that a restore reads at the second place."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import models

from openhotline.audit.errors import ChainRefused
from openhotline.core.durable import make_folder, write_new

FORMAT = "openhotline-taken-back/1"
COUNT_FORMAT = "openhotline-taken-back-count/1"
FOLDER = "taken-back"
COUNTS = "counts"
_ASK = (
    "Ask for the whole folder where it is kept, or restore with --without-second-place and the certificates you have."
)


class TakenBack(models.Model):
    """One certificate: that something (outside ids and kinds alone) was purged or taken back. Never changed.

    ``text`` is exactly what is shipped: JSON with its number, the SHA-256 of the text before it, and a signature.
    """

    number = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 …: a missing one is seen")
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=64, help_text="outside id of what was taken back")
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="taken_back_once")]

    @property
    def digest(self) -> str:
        """Return what the next one names."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Certificate:
    """A certificate that was read and found to be ours."""

    number: int
    kind: str
    subject: str
    content: dict[str, Any]
    text: str


def signed(told: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """Return the text of a certificate, or of a count of them."""
    return json.dumps({**told, "signature": key.sign(_bytes(told)).hex()}, sort_keys=True)


@dataclass(frozen=True)
class ChainPlace:
    """The chain in a folder: ``taken-back/<number>-<digest>.json``, and beside it how many there were when."""

    folder: Path

    def keep(self, one: TakenBack) -> bool:
        """Write a certificate, durably, and say whether it is new here. Raises OSError."""
        return self._write(self.folder / FOLDER / f"{one.number:012}-{one.digest[:16]}.json", one.text)

    def keep_count(self, records: int, number: int, text: str) -> bool:
        """Write how long the chain was when the log had so many records; say whether that is new. Raises OSError."""
        return self._write(self.folder / FOLDER / COUNTS / f"{records:012}-{number:012}.json", text)

    def newest(self) -> int:
        """Return the highest number of a certificate here, by its name; 0 when there is none. Raises OSError."""
        return max((_number(path) for path in self._files(self.folder / FOLDER)), default=0)

    def newest_count(self) -> tuple[int, int]:
        """Return the highest number of records that a count here is of, and the count, by its name. Raises OSError."""
        found = [path.stem.split("-") for path in self._files(self.folder / FOLDER / COUNTS)]
        return max(((int(records), int(number)) for records, number in found), default=(-1, 0))

    def read(self, key: Ed25519PublicKey, *, at_least: int, records: int) -> list[Certificate]:
        """Return the whole chain. Raises ChainRefused for one with a hole, a cut that can be known of, or not ours.

        ``at_least``: as many there were when the backup was made. ``records``: what the newest checkpoint here covers.
        """
        found: list[Certificate] = []
        before = ""
        for path in self._files(self.folder / FOLDER):
            one = _read(path.read_text(encoding="utf-8"), key, path)
            if one.number != len(found) + 1:
                raise ChainRefused(
                    f"Of what was taken back, certificate {len(found) + 1} is not in {path.parent}. {_ASK}"
                )
            if json.loads(one.text)["previous"] != before:
                raise ChainRefused(f"{path} does not follow the certificate before it. {_ASK}")
            before = sha256(one.text.encode()).hexdigest()
            found.append(one)
        self._check_whole(len(found), key, at_least, records)
        return found

    def _check_whole(self, there: int, key: Ed25519PublicKey, at_least: int, records: int) -> None:
        when, count = self.newest_count()
        if count:
            path = self.folder / FOLDER / COUNTS / f"{when:012}-{count:012}.json"
            _check(json.loads(path.read_text(encoding="utf-8")), key, path)
        most = max(count, at_least)
        if there < most:
            raise ChainRefused(f"{most} certificates were shipped to {self.folder} and {there} are there. {_ASK}")
        # A count is shipped with the first checkpoint of an epoch: far behind the newest one, it was cut itself.
        if (there or when >= 0) and records - when > 2 * RECORDS_A_COUNT:
            raise ChainRefused(
                f"The newest checkpoint in {self.folder} is over {records} records, and how much was taken back was "
                f"told there last at {max(when, 0)}: what came since is not there. {_ASK}"
            )

    def _files(self, folder: Path) -> Iterator[Path]:
        names = sorted(folder.iterdir()) if folder.is_dir() else []
        return (path for path in names if path.suffix == ".json" and path.name[:1].isdigit())

    def _write(self, path: Path, text: str) -> bool:
        if path.exists():
            return False
        make_folder(path.parent)
        write_new(path, text.encode())
        return True


RECORDS_A_COUNT = 1024
"""After so many further records the length of the chain is told again, though nothing was taken back."""


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _read(text: str, key: Ed25519PublicKey, path: Path) -> Certificate:
    try:
        told = json.loads(text)
        _check(told, key, path)
        return Certificate(told["number"], told["kind"], told["subject"], told["content"], text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ChainRefused(f"{path} is no certificate of what was taken back. {_ASK}") from error


def _check(told: dict[str, Any], key: Ed25519PublicKey, path: Path) -> None:
    content = {name: value for name, value in told.items() if name != "signature"}
    try:
        key.verify(bytes.fromhex(str(told.get("signature"))), _bytes(content))
    except (InvalidSignature, ValueError) as error:
        raise ChainRefused(
            f"The signature of {path} does not hold under this installation's audit key: it was changed, or is another "
            "installation's."
        ) from error


def _bytes(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
