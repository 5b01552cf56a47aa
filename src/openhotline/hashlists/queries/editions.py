"""Reading members' editions."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from openhotline.core.crypto import lookup
from openhotline.hashlists.models import Edition, Member
from openhotline.hashlists.models.canaries import CANARIES, Canary, canary_of


def edition_path(member: Member, version: int) -> Path:
    """Return where a member's edition of a version lies."""
    folder = Path(settings.VAR) / "releases" / "members" / member.public_id
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{version}.edition"


def changes_path(member: Member, version: int) -> Path:
    """Return where the changes lie that lead to a member's edition of a version from the one before."""
    return edition_path(member, version).with_suffix(".changes")


def newest_edition(member: Member) -> Edition | None:
    """Return the last edition that a member was given; None before the first."""
    return Edition.objects.filter(member=member).order_by("-version").first()


def changes_since(member: Member, since: int) -> list[Path] | None:
    """Return the files of changes that lead from a version to the newest, in turn; None when there is no such way."""
    versions = list(Edition.objects.filter(member=member).order_by("version").values_list("version", flat=True))
    if since not in versions:
        return None
    paths = [changes_path(member, version) for version in versions if version > since]
    return paths if all(path.exists() for path in paths) else None


def canaries_of(member: Member) -> list[Canary]:
    """Return the entries that stand in this member's list alone."""
    return [canary_of(bytes.fromhex(lookup("canary", f"{member.public_id} {at}"))) for at in range(CANARIES)]


def lines_since_in(member: Member, version: int, versions: set[int]) -> tuple[int, Iterator[dict[str, Any]]]:
    """Return the lines of an edition that became what they are in one of these versions: how many, and they themselves.

    Bytes are compared before anything is parsed: most lines of a long list are older.
    """
    marks = tuple(f'"since":{one}'.encode() for one in versions)
    file = edition_path(member, version).open("rb")
    file.readline()
    file.readline()
    body = file.tell()
    count = sum(1 for line in file if _is_of(line, marks))
    file.seek(body)

    def lines() -> Iterator[dict[str, Any]]:
        with file:
            yield from (json.loads(line) for line in file if _is_of(line, marks))

    return count, lines()


def _is_of(line: bytes, marks: tuple[bytes, ...]) -> bool:
    return any(mark + end in line for mark in marks for end in (b",", b"}"))
