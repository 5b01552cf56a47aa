"""What is handed to the hotline of another country, and what comes back: JSON of our own, sealed with age.

``Shape`` is what another network's format has to offer to stand in its place. It holds hashes and addresses, and never
a picture.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from jsonschema import Draft202012Validator
from pyrage import DecryptError, RecipientError, decrypt, encrypt, x25519

from openhotline.core.errors import Misconfigured
from openhotline.removal.errors import HandoverRefused
from openhotline.removal.models.xarf import NoticedItem, Office
from openhotline.removal.states import HandoverAction

LONGEST = 4 * 1024 * 1024
_REFERENCE = {"type": "string", "pattern": "^adr_[a-z2-7]{26}$"}
_ACTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["format", "handover", "actions"],
    "properties": {
        "format": {"const": "openhotline-actions/1"},
        "handover": {"type": "string", "pattern": "^hnd_[a-z2-7]{26}$"},
        "practice": {"type": "boolean"},
        "actions": {
            "type": "array",
            "minItems": 1,
            "maxItems": 500,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["reference", "action", "at"],
                "properties": {
                    "reference": _REFERENCE,
                    "action": {"enum": [one.value for one in HandoverAction]},
                    "reason": {"type": "string", "maxLength": 300},
                    "at": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"},
                },
            },
        },
    },
}


@dataclass(frozen=True)
class HandedAddress:
    """One address: ``reference`` names it in what comes back; ``hosting`` is what was told of its host."""

    reference: str
    url: str
    hosting: Mapping[str, str | int]
    items: tuple[NoticedItem, ...]


@dataclass(frozen=True)
class Handing:
    """All of one file."""

    handover: str
    office: Office
    country: str
    made_at: datetime
    practice: bool
    addresses: tuple[HandedAddress, ...]


@dataclass(frozen=True)
class TakenAction:
    """What the other hotline did with one address."""

    reference: str
    action: HandoverAction
    reason: str
    at: datetime


@dataclass(frozen=True)
class TakenActions:
    """A file that came back."""

    handover: str
    practice: bool
    actions: tuple[TakenAction, ...]


class Shape(Protocol):
    """A format in which addresses are handed over and actions come back."""

    def write(self, handing: Handing) -> bytes:
        """Return the file, not sealed yet."""

    def read(self, content: bytes) -> TakenActions:
        """Return what a file that came back says. Raises HandoverRefused."""


class OurShape:
    """JSON of our own, version 1."""

    def write(self, handing: Handing) -> bytes:
        """Return the file; the same handing gives the same bytes."""
        content = {
            "format": "openhotline-handover/1",
            "handover": handing.handover,
            "from": handing.office.to_dict(),
            "country": handing.country,
            "made_at": f"{handing.made_at:%Y-%m-%dT%H:%M:%SZ}",
            "practice": handing.practice,
            "addresses": [
                {
                    "reference": one.reference,
                    "url": one.url,
                    "hosting": dict(one.hosting),
                    "items": [_item(item) for item in one.items],
                }
                for one in handing.addresses
            ],
        }
        if handing.practice:
            content["heading"] = "PRACTICE - NOT FINDINGS"
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()

    def read(self, content: bytes) -> TakenActions:
        """Return what a file that came back says. Raises HandoverRefused, without quoting what it says."""
        said = _json(content)
        for error in Draft202012Validator(_ACTIONS).iter_errors(said):
            where = "/".join(str(step) for step in error.path) or "the file"
            raise HandoverRefused(
                f"This is no file of actions of the form openhotline-actions/1: {where} breaks the rule "
                f"{error.validator!r}. Nothing was kept."
            )
        actions = tuple(_action(one) for one in said["actions"])
        return TakenActions(said["handover"], said.get("practice", False), actions)


def sealed(content: bytes, age_key: str) -> bytes:
    """Return a file sealed to an age public key. Raises Misconfigured."""
    try:
        return bytes(encrypt(content, [x25519.Recipient.from_str(age_key)]))
    except (RecipientError, ValueError) as error:
        raise Misconfigured("The key of this hotline is no age public key. Correct the table of hotlines.") from error


def opened(content: bytes, identity: str) -> bytes:
    """Return what was sealed to the public key of an age identity. Raises HandoverRefused."""
    try:
        return bytes(decrypt(content, [x25519.Identity.from_str(identity.strip())]))
    except (DecryptError, ValueError) as error:
        raise HandoverRefused("The file is not sealed to this key, or was changed. Nothing was kept.") from error


def _item(item: NoticedItem) -> dict[str, Any]:
    return {**asdict(item), "hashes": dict(item.hashes), "provision": item.provision or "not_determined"}


def _json(content: bytes) -> Any:
    if len(content) > LONGEST:
        raise HandoverRefused(f"The file is longer than {LONGEST:,} bytes. Nothing was kept.")
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise HandoverRefused("The file is no JSON. If it is sealed, name the identity that opens it.") from None


def _action(said: Mapping[str, Any]) -> TakenAction:
    try:
        at = datetime.fromisoformat(said["at"])
    except ValueError:
        raise HandoverRefused("An action has a moment that is none. Nothing was kept.") from None
    return TakenAction(said["reference"], HandoverAction(said["action"]), said.get("reason", ""), at)
