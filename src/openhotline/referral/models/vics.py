"""A case in the shape of Project VIC's VICS 2.0 JSON, written piece by piece: one item at a time is in memory.

The format's own description is not public in what we could read; the shape is that of its published exporters and
importers. What is not known is left out, since its booleans have no third value: an absent VictimIdentified says
nothing, and a false one would say "no".
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openhotline.law.queries import crosswalk
from openhotline.law.states import AiInvolvement, CrosswalkAction

CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/CUSTOM/$metadata#Cases"
UNCATEGORISED = 0
"""The number for what is not categorised. Another stands where the law's cross-walk has one to send, and nowhere else:
numbers for our letters are not published, so none is made up."""
TARGET = "vics_category"
_AI_FACTS = ("ai_involvement", "ai_basis", "ai_confidence", "real_child", "looks_like_photograph")


@dataclass(frozen=True)
class Case:
    """What a case says of itself: an office, never a person."""

    number: str
    office: str
    items: int
    heading: str


def vics_pieces(case: Case, items: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield the file in pieces, of items as a manifest tells them; the same input gives the same bytes.

    UTF-8 without a mark at its beginning; ``TotalMediaFiles`` is what was announced, and a reader should count.
    """
    head = {
        "CaseID": case.number,
        "CaseNumber": case.number,
        "ContactOrganization": case.office,
        "SourceApplicationName": "OpenHotline",
        "TotalMediaFiles": case.items,
        "Comments": case.heading,
    }
    opened = json.dumps({"@odata.context": CONTEXT, "value": [head]}, ensure_ascii=False)
    yield opened.removesuffix("}]}").encode() + b', "Media": [\n'
    for number, item in enumerate(items, 1):
        yield (b",\n" if number > 1 else b"") + json.dumps(_media(number, item), ensure_ascii=False).encode()
    yield b"\n]}]}\n"


def _media(number: int, item: Mapping[str, Any]) -> dict[str, Any]:
    hashes, name = item["hashes"], item["file"]
    md5 = hashes["md5"].upper()
    others = [(kind, hashes.get(kind)) for kind in ("sha256", "pdq")]
    return {
        "MediaID": number,
        "Category": _category(item),
        "MD5": md5,
        "SHA1": hashes["sha1"].upper(),
        "MediaSize": item["bytes"],
        "MimeType": _mime(item["format"]),
        "RelativeFilePath": name,
        "Tags": ";".join(_tags(item)),
        "Comments": item["ai_statement"],
        "AlternativeHashes": [
            {"HashName": kind.upper(), "HashValue": value, "MD5": md5}
            for kind, value in others
            if value and value != "not_determined"
        ],
        "MediaFiles": [{"MD5": md5, "FileName": name.rpartition("/")[2], "FilePath": name}],
    }


def _category(item: Mapping[str, Any]) -> int:
    cell = crosswalk(item["assessed"].get("ai_involvement", AiInvolvement.NOT_DETERMINED))[TARGET]
    return int(cell.value) if cell.action is CrosswalkAction.SEND and cell.value else UNCATEGORISED


def _mime(form: str) -> str:
    known = form.upper() in {"JPEG", "PNG", "GIF", "WEBP", "TIFF", "HEIF", "AVIF"}
    return f"image/{form.lower()}" if known else "application/octet-stream"


def _tags(item: Mapping[str, Any]) -> Iterator[str]:
    """Facts of a closed list each, as ``name:value``; not determined is written out."""
    yield f"item:{item['item']}"
    yield from (f"{name}:{item['assessed'][name]}" for name in _AI_FACTS if name in item["assessed"])
    yield from (f"file_evidence.{axis}:{value}" for axis, value in sorted(item["file_evidence"].items()))
    yield from (f"law.{one['jurisdiction']}:{one['kind']} {one['category']}".strip() for one in item["outcomes"])
    yield f"priority:{item.get('priority', {}).get('first', 'not_determined')}"
