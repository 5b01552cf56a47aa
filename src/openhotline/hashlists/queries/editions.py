"""Reading members' editions."""

import json
import os
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from openhotline.core.crypto import lookup
from openhotline.hashlists.models import Edition, Member
from openhotline.hashlists.models.canaries import CANARIES, Canary, canary_of
from openhotline.hashlists.states import STREAMS_OF, Part


def edition_path(member: Member, version: int, part: Part = Part.CRIMINAL) -> Path:
    """Return where a member's edition of a version lies."""
    folder = Path(settings.VAR) / "releases" / "members" / member.public_id
    folder = folder if part == Part.CRIMINAL else folder / part
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{version}.edition"


def changes_path(member: Member, version: int, part: Part = Part.CRIMINAL) -> Path:
    """Return where the changes lie that lead to a member's edition of a version from the one before."""
    return edition_path(member, version, part).with_suffix(".changes")


def editions_of(member: Member, part: Part = Part.CRIMINAL) -> list[Edition]:
    """Return the editions that a member was given, the oldest first."""
    rows = Edition.objects.filter(member=member, part=part).select_related("member__partner")
    return list(rows.order_by("version"))


def newest_edition(member: Member, part: Part = Part.CRIMINAL) -> Edition | None:
    """Return the last edition that a member was given; None before the first."""
    rows = Edition.objects.filter(member=member, part=part).select_related("member__partner")
    return rows.order_by("-version").first()


def parts_of(member: Member) -> list[Part]:
    """Return what a member's streams are editions of."""
    return [part for part, streams in STREAMS_OF.items() if set(streams) & set(member.agreed.streams)]


def changes_since(member: Member, since: int, part: Part = Part.CRIMINAL) -> list[Path] | None:
    """Return the files of changes that lead from a version to the newest, in turn; None when there is no such way."""
    versions = [one.version for one in editions_of(member, part)]
    if since not in versions:
        return None
    paths = [changes_path(member, version, part) for version in versions if version > since]
    return paths if all(path.exists() for path in paths) else None


def canaries_of(member: Member, part: Part = Part.CRIMINAL) -> list[Canary]:
    """Return the entries that stand in this member's list alone."""
    words = "canary" if part == Part.CRIMINAL else f"canary {part}"
    return [canary_of(bytes.fromhex(lookup(words, f"{member.public_id} {at}"))) for at in range(CANARIES)]


def path_of(edition: Edition) -> Path:
    """Return where an edition lies."""
    return edition_path(edition.member, edition.version, Part(edition.part))


Place = tuple[bool, str]
"""Where a line stands in an edition: whether it is a tombstone, and its id; entries come first, each in that order."""


def place_of(line: dict[str, Any]) -> Place:
    """Return where a line of an edition stands."""
    return line["kind"] == "tombstone", str(line["entry"])


def lines_since_in(edition: Edition, versions: set[int], behind: Place | None = None) -> Iterator[dict[str, Any]]:
    """Yield the lines of an edition that became what they are in one of these versions, those behind a place alone.

    Who reads on behind the last line that it was given misses nothing, also when a newer edition took the place of the
    one that it began with. Bytes are compared before anything is parsed: most lines of a long list are older.
    """
    marks = _marks(versions)
    with path_of(edition).open("rb") as file:
        _to_lines(file)
        if behind is not None:
            file.seek(_start_behind(file, behind))
        yield from (json.loads(line) for line in file if _is_of(line, marks))


def count_since_in(edition: Edition, versions: set[int]) -> int:
    """Return how many lines of an edition became what they are in one of these versions."""
    marks = _marks(versions)
    with path_of(edition).open("rb") as file:
        _to_lines(file)
        return sum(1 for line in file if _is_of(line, marks))


def _to_lines(file: IO[bytes]) -> None:
    file.readline()
    file.readline()


def _marks(versions: set[int]) -> tuple[bytes, ...]:
    return tuple(f'"since":{one}{end}'.encode() for one in versions for end in ",}")


def _is_of(line: bytes, marks: tuple[bytes, ...]) -> bool:
    return any(mark in line for mark in marks)


def _start_behind(file: IO[bytes], behind: Place) -> int:
    """Return where the first line begins that stands behind a place; the file is at its first line."""
    first = file.tell()
    end = file.seek(0, os.SEEK_END)

    def from_here(at: int) -> int:
        """Return where the first line begins that begins here or later."""
        file.seek(max(first, at - 1))
        if at > first:
            file.readline()
        return file.tell()

    def is_behind(at: int) -> bool:
        file.seek(from_here(at))
        line = file.readline()
        return not line or place_of(json.loads(line)) > behind

    return from_here(first + bisect_left(range(first, end), True, key=is_behind))  # noqa: FBT003 - what is looked for
