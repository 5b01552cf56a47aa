"""Manifests in the shape of Project VIC's data model (VICS): one JSON document of any length.

The model itself is given out under agreement only; what is read here is what published exporters write.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import ijson

from openhotline.intake.models.manifest.rows import MOST_DIGITS, Row, Rows, unreadable

# A case list nests its media, a media list does not: the domain notes of third-party exporters know both.
_LISTED = "value.item"
_MEDIA = ("value.item.Media.item", "Media.item", _LISTED)
_VICS = {
    ".RelativeFilePath": "file",
    ".MediaSize": "bytes",
    ".MD5": "md5",
    ".SHA1": "sha1",
    ".Category": "category",
    ".MediaFiles.item.FilePath": "folder",
    ".MediaFiles.item.FileName": "name",
    ".MediaFiles.item.Created": "found_at",
}
_DEEPEST = 12


def vics_rows(manifest: Path) -> Rows:
    """Yield one row a media record. Files are known by their path; numbers of exporters are not unique.

    Broken JSON gives what came before it, and then one refusal.
    """
    read = 0
    with manifest.open("rb") as file:
        if file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)
        try:
            for row in _media(file):
                read += 1
                yield read, row
        except (ijson.JSONError, ValueError, OverflowError, RecursionError):
            yield read + 1, unreadable(f"The manifest breaks off after {read} files: what follows is not JSON.")


def _media(file: IO[bytes]) -> Iterator[Row]:
    at, of_media, found = "", False, dict[str, object]()
    for prefix, event, value in _events(file):
        if at:
            if event == "end_map" and prefix == at:
                yield _of_media(found)
                at = ""
            elif name := _VICS.get(prefix.removeprefix(at)):
                # Something with parts in place of a text is kept as such, and refused where the row is checked.
                found.setdefault(name, {} if event.startswith("start") else value)
        elif prefix == "@odata.context":
            of_media = str(value).endswith("#Media")
        elif event == "start_map" and prefix in _MEDIA and (of_media or prefix != _LISTED):
            at, found = prefix, {}


def _events(file: IO[bytes]) -> Iterator[tuple[str, str, object]]:
    """Yield (where, what, value) of all but keys. Raises ValueError for what nests deeper than media records do.

    ijson's own `parse` keeps a longer path for each level, and so takes gigabytes for a file that only nests.
    """
    path: list[str] = []
    for event, value in ijson.basic_parse(file):
        if event == "map_key":
            path[-1] = str(value)
            continue
        if event.startswith("end"):
            path.pop()
        yield ".".join(path), event, value
        if event.startswith("start"):
            path.append("item")
            if len(path) > _DEEPEST:
                raise ValueError("too deep")


def _of_media(found: Mapping[str, object]) -> Row:
    """Return a record in our words. Its paths are of Windows; digests are in capitals; sizes may be text."""
    row = {name: value for name, value in found.items() if name not in {"folder", "name"}}
    if isinstance(file := row.get("file"), str):
        row["file"] = file.replace("\\", "/").removeprefix("./")
    if isinstance(size := row.get("bytes"), str) and size.isascii() and size.isdigit() and len(size) <= MOST_DIGITS:
        row["bytes"] = int(size)
    places = [str(found[name]) for name in ("folder", "name") if found.get(name)]
    return row | ({"place": "\\".join(places)} if places else {})
