"""A published version becomes a member's own editions: its streams, its canaries, signed for it alone."""

import json
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.keys import signer
from openhotline.hashlists.models import Edition, Member, Release, canonical
from openhotline.hashlists.models.canaries import with_canaries
from openhotline.hashlists.models.edition_file import CHANGES, EDITION, write_lines, write_signed
from openhotline.hashlists.models.release_file import only_one
from openhotline.hashlists.queries import release_path, verified_release
from openhotline.hashlists.queries.editions import (
    canaries_of,
    changes_path,
    edition_path,
    newest_edition,
    parts_of,
    path_of,
)
from openhotline.hashlists.queries.members import canaries_in_question
from openhotline.hashlists.queries.own_canaries import canaries_path
from openhotline.hashlists.states import STREAMS_OF, Part, stream_of

Line = dict[str, Any]
HEADINGS = {Part.CRIMINAL: "Hash list", Part.EXPLOITATIVE: "Exploitative, by partners' lists: criminal by no law asked"}


def build_edition(
    *, member: Member, version: int, actor: str, now: datetime, clock: Callable[[], datetime] | None = None
) -> list[Edition]:
    """Write a member's editions of a published version and the changes since its last; none that is there already.

    What is criminal by the law of the list and what is exploitative are two editions, as far as a member takes both.
    An edition is given out only when its row is there, which comes last. The moment of that is read from ``clock``
    (left out: ``now``), so that who asks for what came after a moment misses nothing of a list that is long to write.
    Raises ReleaseRefused when the release does not verify.
    """
    with only_one(edition_path(member, version).with_name("lock")):
        done = []
        for part in parts_of(member):
            before = newest_edition(member, part)
            if before is not None and before.version >= version:
                continue
            # Where the last one is lost, this one is as a first: members download it whole.
            if before is not None and not path_of(before).exists():
                before = None
            done.append(_build(member, part, version, before, actor, clock or (lambda: now)))
        return done


def _build(
    member: Member, part: Part, version: int, before: Edition | None, actor: str, clock: Callable[[], datetime]
) -> Edition:
    source = release_path(version)
    whole = verified_release(source, version=version)
    mine, streams = canaries_of(member, part), [one for one in member.agreed.streams if one in STREAMS_OF[part]]
    known, kept = _known({one.name for one in mine}, streams, before)
    work = edition_path(member, version, part).with_suffix(".lines")
    counts = {"entry": 0, "tombstone": 0}
    changed, standing, names = list[Line](), list[Line](), {one.name for one in mine}

    def counted(lines: Iterator[Line]) -> Iterator[Line]:
        for line in lines:
            counts[line["kind"]] += 1
            if line["kind"] == "entry" and line["entry"] in names:
                standing.append(line)
            if before is not None and line["since"] == version:
                changed.append(line)
            yield line

    # As of when the release was drafted, which tells entries as they were then.
    drafted_at = Release.objects.values_list("drafted_at", flat=True).get(version=version)
    disputed = canaries_in_question(member, drafted_at)
    told = with_canaries(_entries(streams, source), mine, kept, disputed)
    digest, state = write_lines(work, counted(_lines(told, version, known)))
    about = {"member": member.public_id, "version": version, "practice": settings.PRACTICE, "state": f"{state:064x}"}
    about |= {
        "heading": "PRACTICE - NOT FINDINGS" if settings.PRACTICE else HEADINGS[part],
        "of": whole.manifest_sha256,
    }
    manifest = {**about, "format": EDITION, "streams": streams, "body_sha256": digest}
    manifest |= {"publisher": settings.HOTLINE["name"], "entries": counts["entry"], "tombstones": counts["tombstone"]}
    key = signer("release.key")
    written = write_signed(edition_path(member, version, part), manifest, work, key)
    if before is not None:
        body, _ = write_lines(work, changed)
        base = {"since": before.version, "base": _state(path_of(before)), "body_sha256": body}
        write_signed(
            changes_path(member, version, part), {**about, **base, "format": CHANGES, "lines": len(changed)}, work, key
        )
    # As the match service answers them to this member.
    write_lines(work, standing)
    work.replace(canaries_path(member.public_id, part))
    with transaction.atomic():
        done_at = clock()
        edition = Edition.objects.create(
            member=member,
            version=version,
            part=part,
            entries=counts["entry"],
            tombstones=counts["tombstone"],
            manifest_sha256=written,
            out_at=done_at,
        )
        record(
            actor=actor,
            action="edition_built",
            subject=member.public_id,
            now=done_at,
            detail={
                "version": version,
                "kind": str(part),
                "entries": counts["entry"],
                "tombstones": counts["tombstone"],
            },
        )
    _clear(edition)
    return edition


def _state(path: Path) -> str:
    with path.open("rb") as file:
        return str(json.loads(file.readline())["state"])


def _known(
    mine: Collection[str], streams: Collection[str], before: Edition | None
) -> tuple[dict[str, tuple[bytes, int]], dict[str, Line]]:
    """Return {entry: (digest of its line without since, since)} of the edition before, and its canaries' lines."""
    known, kept = dict[str, tuple[bytes, int]](), dict[str, Line]()
    if before is None:
        return known, kept
    with path_of(before).open("rb") as file:
        file.readline()
        file.readline()
        for line in map(json.loads, file):
            known[line["entry"]] = (_digest(line), line["since"])
            if line["entry"] in mine and line.get("stream") in streams:
                kept[line["entry"]] = line
    return known, kept


def _digest(line: Line) -> bytes:
    return sha256(canonical({**line, "since": 0})).digest()[:12]


def _lines(told: Iterator[Line], version: int, known: dict[str, tuple[bytes, int]]) -> Iterator[Line]:
    left = dict(known)
    for line in told:
        digest, since = left.pop(line["entry"], (b"", version))
        yield {**line, "since": since if digest == _digest(line) else version}
    # What this member had and has no more, whatever the reason; what it never had is not told of.
    for name, (digest, since) in sorted(left.items()):
        gone = {"kind": "tombstone", "entry": name, "since": version}
        yield {**gone, "since": since if digest == _digest(gone) else version}


def _entries(streams: Collection[str], source: Path) -> Iterator[Line]:
    with source.open("rb") as file:
        file.readline()
        file.readline()
        for line in map(json.loads, file):
            if line["kind"] != "entry":
                continue
            stream = stream_of(outcome=line["legal_basis"]["outcome"], ai_involvement=line["ai_involvement"])
            if stream in streams:
                yield {**line, "stream": stream}


def _clear(edition: Edition) -> None:
    """Remove editions before the last: who is still reading one goes on. Changes stay, for copies of any age."""
    for path in path_of(edition).parent.glob("*.edition"):
        if path.stem.isdigit() and int(path.stem) < edition.version:
            path.unlink()
