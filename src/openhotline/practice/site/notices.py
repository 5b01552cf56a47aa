"""Reading a notice as a provider does: the mail, and the XARF 4 report attached for each address."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

_CORE = ("xarf_version", "report_id", "timestamp", "reporter", "sender", "source_identifier", "category", "type")
_CONTENT = ("url", "classification", "detection_method")
_PICTURES = ("image/", "video/")


@dataclass
class ReadNotice:
    """What a notice asks for: ``paths`` of this site, and a sentence for each part that was refused."""

    paths: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def read_notice(message: EmailMessage, *, hosts: frozenset[str]) -> ReadNotice:
    """Read every XARF attachment of a mail. Raises nothing, whatever was sent."""
    notice = ReadNotice()
    for part in message.walk():
        if part.get_content_type().startswith(_PICTURES):
            notice.refused.append("A notice carried a picture. Notices hold hashes, never pictures.")
    for report in _reports(message, notice):
        problem = _problem(report, hosts)
        if problem:
            notice.refused.append(problem)
        else:
            notice.paths.append(urlsplit(str(report["url"])).path)
    if not notice.paths and not notice.refused:
        notice.refused.append("The mail has no XARF report attached.")
    return notice


def _reports(message: EmailMessage, notice: ReadNotice) -> Iterator[dict[str, Any]]:
    for part in message.iter_attachments():
        if part.get_content_subtype() not in {"json", "xarf+json"}:
            continue
        try:
            payload = part.get_payload(decode=True)
            report = json.loads(payload if isinstance(payload, bytes) else b"")
        except (ValueError, RecursionError):
            report = None
        if isinstance(report, dict):
            yield report
        else:
            notice.refused.append("An attachment is no JSON object.")


def _problem(report: dict[str, Any], hosts: frozenset[str]) -> str | None:
    missing = [name for name in (*_CORE, *_CONTENT) if not report.get(name)]
    if missing:
        return f"A XARF report lacks {', '.join(missing)}."
    if not str(report["xarf_version"]).startswith("4."):
        return f"XARF version {report['xarf_version']} is not read here; send version 4."
    if (report["category"], report["type"]) != ("content", "csam"):
        return f"A report of category {report['category']}, type {report['type']} is not for this desk."
    if report.get("screenshot_url"):
        return "A XARF report of this type never names a screenshot."
    if urlsplit(str(report["url"])).netloc not in hosts:
        return "A XARF report names an address that is not hosted here."
    return None
