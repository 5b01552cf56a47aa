"""What a package holds beside its manifest and the originals: made of the manifest, so bound by its approval."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.template.loader import render_to_string

from openhotline.referral.models.cybertipline import cybertipline_pieces
from openhotline.referral.models.vics import Case, vics_pieces

COVER = "cover.html"
COVER_STYLE = "cover.css"
VICS = "vics.json"
AI_FACTS = "ai-facts.jsonl"
CYBERTIPLINE = "cybertipline.xml"
SUMS = "SHA256SUMS"
NOT_EXAMINED = "not_examined"
_AI = ("ai_involvement", "ai_basis", "ai_confidence", "real_child", "looks_like_photograph", "site_ai")

Pieces = Callable[[], Iterable[bytes]]
Told = tuple[str, Mapping[str, Any] | None]
"""An item's outside id and its file evidence by the schema of `fileorigin`; None where it was not examined."""


@dataclass(frozen=True)
class Document:
    """A file that is written in pieces, as often as asked: its size and SHA-256 were found by going through it once."""

    name: str
    bytes: int
    sha256: str
    pieces: Pieces

    def told(self) -> dict[str, Any]:
        """Return what a manifest says of it."""
        return {"bytes": self.bytes, "sha256": self.sha256}


def measured(name: str, pieces: Pieces) -> Document:
    """Go through a file once, and return it with its size and SHA-256."""
    digest, size = sha256(), 0
    for piece in pieces():
        digest.update(piece)
        size += len(piece)
    return Document(name, size, digest.hexdigest(), pieces)


def documents_of(
    manifest: Mapping[str, Any],
    items: Callable[[], Iterable[Mapping[str, Any]]],
    evidence: Callable[[], Iterable[Told]],
) -> list[Document]:
    """Return the documents of a referral; ``items`` gives what the manifest says of each item, anew each time.

    ``evidence`` gives the file evidence of the same items in the same order. ``manifest`` is read without its items and
    documents. Where it names the CyberTipline under ``also``, that is made.
    """
    case = Case(manifest["referral"], manifest["from"], manifest["count"], manifest["heading"])
    made = {
        COVER: lambda: [_cover(manifest, items())],
        COVER_STYLE: lambda: [render_to_string("referral/cover.css").encode()],
        VICS: lambda: vics_pieces(case, items()),
        AI_FACTS: lambda: ai_fact_pieces(items(), evidence()),
    }
    if CYBERTIPLINE in manifest.get("also", ()):
        made[CYBERTIPLINE] = lambda: cybertipline_pieces(manifest, items())
    return [measured(name, pieces) for name, pieces in made.items()]


def sums_of(files: Mapping[str, str]) -> bytes:
    """Return ``SHA256SUMS`` of files by name, as ``sha256sum -c`` reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in files.items()).encode()


def sums_told(manifest_text: bytes, manifest: Mapping[str, Any]) -> bytes:
    """Return the checksums of everything in a package, as its manifest has them, and of the manifest itself."""
    files = {"manifest.json": sha256(manifest_text).hexdigest()}
    files |= {name: told["sha256"] for name, told in manifest["documents"].items()}
    files |= {item["file"]: item["hashes"]["sha256"] for item in manifest["items"]}
    return sums_of(files)


def _cover(manifest: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> bytes:
    return render_to_string("referral/cover.html", {"manifest": manifest, "items": items}).encode()


def ai_fact_pieces(items: Iterable[Mapping[str, Any]], evidence: Iterable[Told]) -> Iterator[bytes]:
    """Yield what is known of AI of each item, a line of JSON each: what people said, and the file evidence whole.

    What file evidence seals (prompts, names, thumbnails) is not in it; it was taken from the original, and is there.
    Raises ValueError where the evidence is not that of the items, in their order.
    """
    for item, (name, found) in zip(items, evidence, strict=True):
        if name != item["item"]:
            raise ValueError(f"The file evidence is that of {name}, and the item {item['item']}.")
        facts = {name: item["assessed"].get(name, "not_determined") for name in _AI}
        line = {
            "item": item["item"],
            "file": item["file"],
            "sha256": item["hashes"]["sha256"],
            **facts,
            "statement": item["ai_statement"],
            "decided_alike_by": item["consensus"],
            "file_evidence": item["file_evidence"],
            "evidence": found or NOT_EXAMINED,
        }
        yield (json.dumps(line, sort_keys=True) + "\n").encode()
