"""One XARF 4 report (content/csam) about one address. It names hashes; it never carries anything visual."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from openhotline.law.queries import crosswalk
from openhotline.law.states import CrosswalkAction
from openhotline.removal.errors import XarfRefused
from openhotline.removal.states import BASELINE, CLASSIFICATIONS

VERSION = "4.2.0"
PUBLISHED = ("xarf-core.json", "types/content-base.json", "types/content-csam.json")
MOST_ITEMS = 50
DESCRIPTION = (
    "An analyst of this hotline has confirmed child sexual abuse material at this address. Please preserve what your "
    "law asks you to preserve, and remove it. The classification is the format's baseline; the legal basis decides."
)


@dataclass(frozen=True)
class NoticedItem:
    """One confirmed item: its hashes (md5, sha1, sha256 in hex) and what was decided."""

    hashes: Mapping[str, str]
    ai_involvement: str
    jurisdiction: str
    outcome: str
    category: str
    provision: str


@dataclass(frozen=True)
class NoticedAddress:
    """One address and the confirmed items seen there; ``key`` is the key of its Removal."""

    key: int
    url: str
    host: str
    is_name: bool
    items: tuple[NoticedItem, ...]
    country: str = ""


@dataclass(frozen=True)
class Office:
    """Who sends: the hotline's office and its mail address, never a person."""

    name: str
    mail: str

    @property
    def domain(self) -> str:
        """Return the domain of the mail address."""
        return self.mail.rpartition("@")[2]

    def to_dict(self) -> dict[str, str]:
        """Return it as the format holds it."""
        return {"org": self.name, "contact": self.mail, "domain": self.domain}


def report_of(
    address: NoticedAddress,
    *,
    notice: str,
    made_at: datetime,
    office: Office,
    provider: str,
    country: str,
    practice: bool,
) -> dict[str, Any]:
    """Return the report, schema-checked; the same input gives the same report. Raises XarfRefused."""
    items = address.items[:MOST_ITEMS]
    report: dict[str, Any] = {
        "xarf_version": VERSION,
        "report_id": _report_id(notice, address.key),
        "timestamp": made_at.isoformat().replace("+00:00", "Z"),
        "reporter": office.to_dict(),
        "sender": office.to_dict(),
        "source_identifier": address.host,
        "category": "content",
        "type": "csam",
        "url": address.url,
        "hosting_provider": provider,
        "verification_method": "manual",
        "classification": _classification(items),
        "detection_method": "manual_review",
        "media_type": "image",
        "hash_values": dict(items[0].hashes),
        "tags": _tags(items),
        "description": DESCRIPTION,
        "openhotline": {"practice": practice, "items": [_item(item) for item in items]},
    }
    if practice:
        report["openhotline"]["heading"] = "PRACTICE - NOT FINDINGS"
    if address.is_name:
        report["domain"] = address.host
    if country:
        report["country_code"] = country
    return checked_report(report)


def checked_report(report: dict[str, Any]) -> dict[str, Any]:
    """Return the report if it fits the schema of what may be sent. Raises XarfRefused, without quoting values."""
    for error in _validator().iter_errors(report):
        where = "/".join(str(step) for step in error.path) or "the report"
        raise XarfRefused(
            f"A report for a provider does not fit XARF {VERSION} as it may be sent: {where} breaks the rule "
            f"{error.validator!r}. Nothing was sent."
        )
    for error in _published().iter_errors(report):
        where = "/".join(str(step) for step in error.path) or "the report"
        raise XarfRefused(
            f"A report for a provider does not fit XARF {VERSION} as it is published: {where} breaks the rule "
            f"{error.validator!r}. Nothing was sent."
        )
    return report


@cache
def _published() -> Draft202012Validator:
    """The schemas that the XARF project publishes (version 4.2.0), as its package `xarf` brings them."""
    folder = resources.files("xarf") / "schemas"
    schemas = [json.loads((folder / name).read_text("utf-8")) for name in PUBLISHED]
    registry: Registry[Any] = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in schemas)
    return Draft202012Validator(schemas[-1], registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


@cache
def _validator() -> Draft202012Validator:
    text = (resources.files("openhotline.removal.models") / "xarf.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def _report_id(notice: str, key: int) -> str:
    # The format asks for a version 4 UUID; derived, so that a retry sends the same report again and no second one.
    return str(uuid.UUID(bytes=sha256(f"{notice}/{key}".encode()).digest()[:16], version=4))


def _classification(items: Sequence[NoticedItem]) -> str:
    verified = {(row.outcome, row.category): row.value for row in CLASSIFICATIONS if row.verified}
    values = {verified.get((item.outcome, item.category), BASELINE) for item in items}
    return values.pop() if len(values) == 1 else BASELINE


def _tags(items: Sequence[NoticedItem]) -> list[str]:
    """Tag the address only with what holds for every confirmed item there."""
    tags = [{tag} if (tag := _tag(item)) else set() for item in items]
    return sorted(set.intersection(*tags))


def _tag(item: NoticedItem) -> str | None:
    cell = crosswalk(item.ai_involvement)["xarf_tag"]
    return cell.value if cell.action is CrosswalkAction.SEND else None


def _item(item: NoticedItem) -> dict[str, Any]:
    return {
        "hash_values": dict(item.hashes),
        "ai_involvement": item.ai_involvement,
        "jurisdiction": item.jurisdiction,
        "outcome": item.outcome,
        "provision": item.provision or "not_determined",
    }
