"""A version of a list that is sealed to members, as one member is given it: its streams, its canaries, its key."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.keys import signer
from openhotline.hashlists.models import Member, SealedEdition, SealedRelease, canonical
from openhotline.hashlists.models.edition_file import CHANGES, EDITION, MODULUS, SIGNED_AS, sync, weight
from openhotline.hashlists.models.release_file import only_one, open_private, put_in_place
from openhotline.hashlists.queries.sealed import (
    contents_of,
    first_version,
    in_chunks,
    newest_sealed,
    newest_sealed_edition,
    released_lines,
    sealed_canaries,
    sealed_changes_path,
    sealed_folder,
    sealed_path,
)
from openhotline.hashlists.states import CRIMINAL, SealedKind

Line = dict[str, Any]


def build_sealed_edition(*, member: Member, kind: SealedKind, actor: str, now: datetime) -> SealedEdition | None:
    """Seal the newest version of a list to a member's key, and the changes since its last; None: it is there already.

    Signed first and sealed then, all of it in memory: nothing of it is ever in clear in a file here. Before the first
    line that this member takes there is no edition, as nothing but canaries would stand in it.
    """
    with only_one(sealed_folder(kind) / "lock"):
        release, before = newest_sealed(kind), newest_sealed_edition(member, kind)
        if release is None or (before is not None and before.version >= release.version):
            return None
        lines = list(_lines(member, kind))
        if before is None and not any(line["kind"] == "entry" for line in lines):
            return None
        return _build(member, release, before, _with_canaries(member, kind, lines, before, release), actor, now)


def _with_canaries(
    member: Member, kind: str, lines: list[Line], before: SealedEdition | None, release: SealedRelease
) -> list[Line]:
    since = first_version(member, kind) if before is not None else release.version
    # An address is of one stream, mostly; of what young people made each line names them all.
    streams = _streams(member, kind)
    said = streams if kind == SealedKind.SELF_REPORTED else streams[:1]
    more = [
        {"kind": "entry", "entry": name, "since": since, "streams": said, **contents}
        for name, contents in sealed_canaries(member, kind)
    ]
    # In the order of ids, so that no place tells what came when.
    return sorted([*lines, *more], key=lambda line: str(line["entry"]))


def _streams(member: Member, kind: str) -> list[str]:
    """Return the streams of a member that a list may have lines of, as its lines say them: nothing exploitative."""
    mine = [one for one in member.agreed.streams if one in CRIMINAL]
    return sorted(mine) if kind == SealedKind.SELF_REPORTED else mine


def _lines(member: Member, kind: str) -> Iterator[Line]:
    mine = set(_streams(member, kind))
    for piece in in_chunks(released_lines(kind)):
        contents = contents_of(kind, [one.name for one in piece if mine & set(one.streams)])
        for one in piece:
            about = {"entry": one.name, "since": one.since}
            if one.name in contents:
                yield {"kind": "entry", **about, "streams": sorted(mine & set(one.streams)), **contents[one.name]}
            elif mine & set(one.was_in):
                yield {"kind": "tombstone", **about}


def _build(
    member: Member, release: SealedRelease, before: SealedEdition | None, lines: list[Line], actor: str, now: datetime
) -> SealedEdition:
    kind, version, streams = release.kind, release.version, _streams(member, release.kind)
    written = [canonical(line) for line in lines]
    state = f"{sum(map(weight, written)) % MODULUS:064x}"
    about = {
        "member": member.public_id,
        "list": kind,
        "version": version,
        "practice": settings.PRACTICE,
        "state": state,
    }
    about |= {"heading": "PRACTICE - NOT FINDINGS" if settings.PRACTICE else f"List of {kind.replace('_', ' ')}"}
    about |= {"of": release.manifest_sha256}
    counts = {what: sum(line["kind"] == what for line in lines) for what in ("entry", "tombstone")}
    whole = {**about, "format": EDITION, "streams": streams, "publisher": settings.HOTLINE["name"]}
    whole |= {"entries": counts["entry"], "tombstones": counts["tombstone"]}
    _seal(sealed_path(member, kind, version), whole, written, member.agreed.age_key)
    # With other streams there are lines to take away that no version tells of: the whole is downloaded again.
    follows = before.version if before is not None and before.streams == streams else None
    if follows is not None and before is not None:
        new = [text for text, line in zip(written, lines, strict=True) if line["since"] > follows]
        leads = {**about, "format": CHANGES, "since": follows, "base": before.state, "lines": len(new)}
        _seal(sealed_changes_path(member, kind, version), leads, new, member.agreed.age_key)
    with transaction.atomic():
        edition = SealedEdition.objects.create(
            member=member,
            kind=kind,
            version=version,
            follows=follows,
            state=state,
            streams=streams,
            entries=counts["entry"],
            tombstones=counts["tombstone"],
            out_at=now,
        )
        detail = {"version": version, "kind": kind, "entries": counts["entry"], "tombstones": counts["tombstone"]}
        record(actor=actor, action="edition_built", subject=member.public_id, now=now, detail={**detail})
    if before is not None:
        sealed_path(member, kind, before.version).unlink(missing_ok=True)
    return edition


def _seal(path: Path, manifest: Line, lines: list[bytes], age_key: str) -> None:
    body = b"".join(line + b"\n" for line in lines)
    text = canonical({**manifest, "body_sha256": sha256(body).hexdigest()})
    signature = canonical({"signature": signer("release.key").sign(SIGNED_AS[manifest["format"]] + text).hex()})
    plain = text + b"\n" + signature + b"\n" + body
    with open_private(path.with_suffix(".part")) as file:
        file.write(pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(age_key)]))
        sync(file)
    put_in_place(path)
