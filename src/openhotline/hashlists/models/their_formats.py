"""Lists of others as they come: read piece by piece, nothing kept in memory but what is being read.

Each reader yields what one line says. Kinds of hashes that are not compared here (PhotoDNA, TMK and others) are yielded
without a hash, so that they can be counted.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from openhotline.hashlists.errors import LineRefused
from openhotline.hashlists.states import DIGITS, LARGEST_QUALITY, HashKind, TheirFormat

CANONICAL = re.compile(r"[A-Za-z0-9./_ -]{1,64}")
"""How a form of a picture is named, by whom ever."""


@dataclass(frozen=True)
class Theirs:
    """One line: a hash in lower-case hex, or none where its kind is not compared here.

    ``name``: what its owner calls the entry, which is all that a deletion may say. ``gone``: it is taken back.
    ``place``: which line or entry of the file it is, from 1. ``canonical``: which form of the picture was hashed, empty
    where the list does not say.
    """

    place: int
    kind: HashKind | None = None
    hash: str = ""
    quality: int | None = None
    canonical: str = ""
    name: str = ""
    gone: bool = False


UNREADABLE = (
    *(ParseError, DefusedXmlException, csv.Error),
    *(ValueError, KeyError, TypeError, AttributeError, RecursionError),
)


def read_theirs(path: Path, form: TheirFormat) -> Iterator[Theirs]:
    """Yield what a file says, in its order. Raises LineRefused with the place of what cannot be read."""
    try:
        with path.open("rb") as file:
            yield from READERS[form](file)
    except UNREADABLE as error:
        raise LineRefused(f"{path.name} is not of the form {form}: {error}. What was read before is kept.") from error


def _ncmec(file: IO[bytes]) -> Iterator[Theirs]:
    """NCMEC hash sharing, version 2: ``queryResult`` with images and videos, deleted ones too."""
    place = 0
    for _, element in iterparse(file):
        tag = _plain(element)
        if tag.lower().removeprefix("deleted") not in {"image", "video"}:
            continue
        place += 1
        name = next((one.text or "" for one in element if _plain(one) == "id"), "")
        gone = tag.startswith("deleted")
        if gone:
            yield Theirs(place, name=name, gone=True)
        for prints in (one for one in element if _plain(one) == "fingerprints"):
            for one in prints:
                if one.text:
                    yield _of(place, _plain(one).lower(), one.text, name=name, gone=gone)
        element.clear()


def _plain(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


EXCHANGE = {"HASH_PDQ": "pdq", "HASH_MD5": "md5", "HASH_VIDEO_MD5": "md5", "HASH_SHA1": "sha1", "HASH_SHA256": "sha256"}


def _threatexchange(file: IO[bytes]) -> Iterator[Theirs]:
    """ThreatExchange's ``threat_updates``: a page (``data``) or several, a JSON object each; no harmless indicators."""
    for place, one in _records(file, "data"):
        owners = one.get("descriptors") or []
        harmless = bool(owners) and all(owner.get("status") == "NON_MALICIOUS" for owner in owners)
        gone = bool(one.get("should_delete")) or harmless
        yield _of(place, EXCHANGE.get(one["type"], ""), one["indicator"], name=str(one.get("id", "")), gone=gone)


STOPNCII = {"ImagePDQ": "pdq", "VideoMD5": "md5"}


def _stopncii(file: IO[bytes]) -> Iterator[Theirs]:
    """StopNCII's ``FetchHashes``: a page (``hashRecords``) or several; what is not active is not on the list."""
    for place, one in _records(file, "hashRecords"):
        kind = STOPNCII.get(one["signalType"], "")
        yield _of(place, kind, one["hashValue"], gone=one.get("hashStatus", "Active") != "Active")


def _records(file: IO[bytes], member: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the records of pages: one JSON object a line, or the whole file one object."""
    lines = (line for line in file if line.strip())
    first = next(lines, b"")
    whole = first.strip() == b"{"
    place = 0
    for page in map(json.loads, [first + file.read()] if whole else chain([first] if first else [], lines)):
        for one in page[member]:
            place += 1
            yield place, one


def _csv(file: IO[bytes]) -> Iterator[Theirs]:
    """A table with a head: columns named after kinds; ``quality``, ``canonical``, ``id``, ``deleted``."""
    rows = csv.DictReader(line.decode("utf-8-sig") for line in file)
    for place, row in enumerate(rows, start=2):
        said = {str(name).strip().lower(): (value or "").strip() for name, value in row.items()}
        gone = said.get("deleted", "").lower() in {"1", "yes", "true"}
        found = [(kind, said[kind]) for kind in HashKind if said.get(kind)]
        if not found and gone and said.get("id"):
            yield Theirs(place, name=said["id"], gone=True)
        for kind, value in found:
            line = _of(place, kind, value, name=said.get("id", ""), gone=gone)
            yield _as_hashed(line, said) if kind == HashKind.PDQ else line


def _as_hashed(line: Theirs, said: Mapping[str, str]) -> Theirs:
    """Return a line of a picture with what a table says of its hash. Raises LineRefused."""
    quality, canonical = said.get("quality", ""), said.get("canonical", "")
    if quality and not (quality.isascii() and quality.isdigit() and int(quality) <= LARGEST_QUALITY):
        raise LineRefused(f"Entry {line.place} says that the quality is {quality[:9]!r}; it is 0 to 100.")
    if canonical and not CANONICAL.fullmatch(canonical):
        raise LineRefused(f"Entry {line.place} names no form of a picture: {canonical[:20]!r}.")
    return replace(line, quality=int(quality) if quality else None, canonical=canonical)


def _of(place: int, kind: str, value: object, *, name: str = "", gone: bool = False) -> Theirs:
    """Return one line, checked. Raises LineRefused."""
    if kind not in set(HashKind):
        return Theirs(place, name=name, gone=gone)
    text, found = str(value).strip().lower(), HashKind(kind)
    if len(text) != DIGITS[found] or set(text) - set("0123456789abcdef"):
        raise LineRefused(f"Entry {place} is not a hash of the kind {kind}: {DIGITS[found]} hex digits are needed.")
    return Theirs(place, found, text, name=name, gone=gone)


READERS: dict[TheirFormat, Callable[[IO[bytes]], Iterable[Theirs]]] = {
    TheirFormat.NCMEC: _ncmec,
    TheirFormat.THREATEXCHANGE: _threatexchange,
    TheirFormat.STOPNCII: _stopncii,
    TheirFormat.CSV: _csv,
}
