"""What an NCMEC CyberTipline report would say of a referral, for a partner that passes it on: an optional file.

The interface is for providers of services; a hotline is usually a partner. Numbers that the interface gives out
(reportId, fileId) are left out: whoever submits it has them. Every piece is held against the schema before it leaves.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from openhotline.law.queries import crosswalk
from openhotline.law.states import CrosswalkAction
from openhotline.referral.models.cybertipline_schema import FILE_DETAILS, REPORT, checked

TARGET = "ncmec_file_annotation"


def cybertipline_pieces(manifest: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield the file in pieces: one report, then details of each file. AI only where people determined it."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<cyberTipline>\n'
    told = _element("additionalInfo", f"{manifest['heading']}. {manifest['reading']}")
    yield checked(b"<report>\n" + told + b"</report>\n", REPORT)
    for item in items:
        yield checked(b"".join(_file_details(item)), FILE_DETAILS)
    yield b"</cyberTipline>\n"


def _file_details(item: Mapping[str, Any]) -> Iterator[bytes]:
    yield b"<fileDetails>\n"
    yield _element("originalFileName", item["file"])
    yield from (_element("locationOfFile", one["address"]) for one in item["seen"][:1])
    yield from _annotations(item)
    for kind in ("md5", "sha1", "sha256"):
        yield _element("originalFileHash", item["hashes"][kind], f' hashType="{kind.upper()}"')
    yield _element("additionalInfo", item["ai_statement"])
    yield b"</fileDetails>\n"


def _annotations(item: Mapping[str, Any]) -> Iterator[bytes]:
    cell = crosswalk(item["assessed"]["ai_involvement"])[TARGET]
    if cell.action is CrosswalkAction.SEND and cell.value == "generativeAi":
        yield b"<fileAnnotations><generativeAi/></fileAnnotations>\n"


def _element(name: str, text: str, attributes: str = "") -> bytes:
    return f"<{name}{attributes}>{escape(text)}</{name}>\n".encode()
