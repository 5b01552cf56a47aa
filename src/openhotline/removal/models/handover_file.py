"""What is handed to the hotline of another country, and what comes back: JSON of our own, sealed with age.

``Shape`` is what another network's format has to offer to stand in its place. It holds hashes and addresses, and never
a picture.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from jsonschema import Draft202012Validator
from pyrage import DecryptError, RecipientError, decrypt, encrypt, x25519

from openhotline.core.errors import Misconfigured
from openhotline.removal.errors import HandoverRefused
from openhotline.removal.models.handover_schemas import ACTIONS, HANDING
from openhotline.removal.models.xarf import NoticedItem, Office
from openhotline.removal.states import HandoverAction

LONGEST = 4 * 1024 * 1024
MOST_TOLD = 20


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


@dataclass(frozen=True)
class TakenAddress:
    """One address that was handed to us: ``known`` says in words what they found and assessed there."""

    reference: str
    url: str
    provider: str
    known: str


@dataclass(frozen=True)
class TakenHandover:
    """A file that another hotline handed to us."""

    handover: str
    country: str
    made_at: datetime
    practice: bool
    addresses: tuple[TakenAddress, ...]


class Shape(Protocol):
    """A format in which addresses are handed over and actions come back, both ways."""

    def write(self, handing: Handing) -> bytes:
        """Return the file, not sealed yet."""

    def read(self, content: bytes) -> TakenActions:
        """Return what a file that came back says. Raises HandoverRefused."""

    def read_handover(self, content: bytes) -> TakenHandover:
        """Return what another hotline handed to us. Raises HandoverRefused."""

    def write_actions(self, actions: TakenActions) -> bytes:
        """Return the file that tells another hotline what we did, not sealed yet."""


class OurShape:
    """JSON of our own, version 1."""

    def write(self, handing: Handing) -> bytes:
        """Return the file; the same handing gives the same bytes."""
        content = {
            "format": "openhotline-handover/1",
            "handover": handing.handover,
            "from": handing.office.to_dict(),
            "country": handing.country,
            "made_at": _written(handing.made_at),
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
        said = _checked(content, ACTIONS, "a file of actions of the form openhotline-actions/1")
        actions = tuple(_action(one) for one in said["actions"])
        return TakenActions(said["handover"], said.get("practice", False), actions)

    def read_handover(self, content: bytes) -> TakenHandover:
        """Return what another hotline handed to us. Raises HandoverRefused, without quoting what it says."""
        said = _checked(content, HANDING, "a handover of the form openhotline-handover/1")
        addresses = tuple(_address(one) for one in said["addresses"])
        if len({one.reference for one in addresses}) < len(addresses):
            raise HandoverRefused("Two addresses of this handover have one reference. Nothing was kept.")
        return TakenHandover(said["handover"], said["country"], _moment(said["made_at"]), said["practice"], addresses)

    def write_actions(self, actions: TakenActions) -> bytes:
        """Return the file; the same actions give the same bytes."""
        content = {
            "format": "openhotline-actions/1",
            "handover": actions.handover,
            "practice": actions.practice,
            "actions": [
                {"reference": one.reference, "action": one.action.value, "reason": one.reason, "at": _written(one.at)}
                for one in actions.actions
            ],
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


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


def _checked(content: bytes, schema: Mapping[str, Any], what: str) -> Any:
    said = _json(content)
    for error in Draft202012Validator(schema).iter_errors(said):
        where = "/".join(str(step) for step in error.path) or "the file"
        raise HandoverRefused(f"This is no {what[2:]}: {where} breaks the rule {error.validator!r}. Nothing was kept.")
    return said


def _action(said: Mapping[str, Any]) -> TakenAction:
    return TakenAction(said["reference"], HandoverAction(said["action"]), said.get("reason", ""), _moment(said["at"]))


def _address(said: Mapping[str, Any]) -> TakenAddress:
    lines = [
        f"Assessed there as {one['outcome']} {one['category']} ({one['jurisdiction']}, {one['provision']}), AI "
        f"involvement {one['ai_involvement']}, SHA-256 {one['hashes'].get('sha256', 'not given')}."
        for one in said["items"][:MOST_TOLD]
    ]
    more = len(said["items"]) - len(lines)
    known = " ".join([*lines, *([f"And {more} more files."] if more else [])])
    return TakenAddress(said["reference"], said["url"], said["hosting"]["provider"], known)


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _moment(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        raise HandoverRefused("The file has a moment that is none. Nothing was kept.") from None
