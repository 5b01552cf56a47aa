"""A list that is sealed to members goes out by the clock, within what two people approved."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_signers
from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.keys import signer
from openhotline.hashlists.events import SealedReleased
from openhotline.hashlists.models import ListedAddress, Routine, SealedRelease, SelfReported, canonical
from openhotline.hashlists.models.release_file import FORMAT, Body, only_one, put_in_place, write_body, write_release
from openhotline.hashlists.queries.sealed import (
    CHUNK,
    is_due,
    newest_sealed,
    released_lines,
    running,
    sealed_folder,
    streams_at,
)
from openhotline.hashlists.queries.versions import check_not_held, next_version, releases_are_held
from openhotline.hashlists.states import RoutineState, SealedKind, SelfReportedState


def release_sealed(*, kind: SealedKind, actor: str, now: datetime, early: bool = False) -> SealedRelease | None:
    """Release a list if that is approved, due (or ``early``) and something changed; None: nothing went out.

    More new lines than were approved are held for a person: nothing goes out until two people approve more. When one of
    the two who approved may do so no more, it ends. After a restore nothing goes out: by the clock silently, ``early``
    with ReleasesHeld.
    """
    if not _may_go(kind, now, early=early):
        return None
    with only_one(sealed_folder(kind) / "lock"), transaction.atomic():
        found = running(kind, now)
        routine = Routine.objects.select_for_update().get(pk=found.pk) if found else None
        if routine is None or _ended(routine, actor, now):
            return None
        version = next_version(kind)
        fresh, changed = _address_changes(version) if kind == SealedKind.ADDRESSES else _hash_changes(version)
        if fresh > routine.most_new:
            transaction.set_rollback(True)
        elif changed:
            return _out(routine, version, actor, now)
    if fresh > routine.most_new:
        _hold(routine, fresh, actor, now)
    return None


def _may_go(kind: SealedKind, now: datetime, *, early: bool) -> bool:
    if early:
        check_not_held()
    return not releases_are_held() and running(kind, now) is not None and (early or is_due(kind, now))


def _ended(routine: Routine, actor: str, now: datetime) -> bool:
    """End a routine whose signers may no longer; say whether it is over."""
    approval = approval_of(Purpose.ROUTINE, routine.public_id)
    names = [approval.asked_by, approval.approved_by] if approval else []
    try:
        if approval is not None:
            check_signers(approval, {one.public_id: one for one in Person.objects.filter(public_id__in=names)})
            return False
    except NotApproved:
        pass
    routine.state, routine.ended_at = RoutineState.ENDED, now
    routine.save(update_fields=["state", "ended_at"])
    record(actor=actor, action="routine_ended", subject=routine.public_id, now=now)
    return True


def _hold(routine: Routine, fresh: int, actor: str, now: datetime) -> None:
    with transaction.atomic():
        if Routine.objects.filter(pk=routine.pk, held_at=None).update(held_at=now):
            detail = {"new": fresh}
            record(actor=actor, action="routine_held", subject=routine.public_id, now=now, detail={**detail})


def _address_changes(version: int) -> tuple[int, int]:
    """Write what each address is from this version on; return how many are new on the list, and how many changed."""
    fresh = changed = last = 0
    while rows := list(ListedAddress.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last, moved = rows[-1].pk, list[ListedAddress]()
        streams = streams_at([row.address_id for row in rows if row.live])
        for row in rows:
            wanted = list(streams.get(row.address_id, ()))
            if wanted != row.streams:
                fresh += bool(wanted) and not row.streams
                row.streams, row.since = wanted, version
                row.was_in = sorted({*row.was_in, *wanted})
                moved.append(row)
        ListedAddress.objects.bulk_update(moved, ["streams", "was_in", "since"])
        changed += len(moved)
    return fresh, changed


def _hash_changes(version: int) -> tuple[int, int]:
    there = SelfReported.objects.filter(state=SelfReportedState.UNREVIEWED, released_in=None)
    fresh = there.update(released_in=version)
    gone = SelfReported.objects.filter(state=SelfReportedState.WITHDRAWN, released_in__isnull=False)
    return fresh, fresh + gone.filter(tombstoned_in=None).update(tombstoned_in=version)


def _out(routine: Routine, version: int, actor: str, now: datetime) -> SealedRelease:
    path = sealed_folder(routine.kind) / f"{version}.jsonl"
    draft = path.with_suffix(".draft")
    body = write_body(draft, _lines(routine.kind), version)
    manifest = _manifest(routine, version, body, now)
    write_release(path, manifest, draft, signer("release.key"))
    draft.unlink()
    row = SealedRelease.objects.create(
        kind=routine.kind,
        version=version,
        routine=routine,
        entries=body.entries,
        tombstones=body.tombstones,
        manifest_sha256=sha256(canonical(manifest)).hexdigest(),
        published_at=now,
    )
    if routine.held_at is not None:
        # So much was taken back meanwhile that the rest is within what was approved: nothing is held any more.
        routine.held_at = None
        routine.save(update_fields=["held_at"])
    counts = {"version": version, "entries": body.entries, "tombstones": body.tombstones}
    detail: dict[str, int | str] = {"kind": str(routine.kind), **counts}
    record(actor=actor, action="sealed_released", subject=routine.public_id, now=now, detail={**detail})
    publish(SealedReleased(ids=(row.pk,)), now=now)
    # In its place before the row says so: after a crash here the same version is written again, and none saw this.
    put_in_place(path)
    return row


def _lines(kind: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of the signed file: which ids stand on the list and since when, no address and no hash."""
    for one in released_lines(kind):
        about = {"entry": one.name, "since": one.since}
        yield (
            {"kind": "entry", "streams": list(one.streams), **about} if one.streams else {"kind": "tombstone", **about}
        )


def _manifest(routine: Routine, version: int, body: Body, now: datetime) -> dict[str, Any]:
    last = newest_sealed(routine.kind)
    return {
        "format": FORMAT,
        "list": str(routine.kind),
        "routine": routine.public_id,
        "version": version,
        "previous": last.version if last else None,
        "practice": settings.PRACTICE,
        "heading": "PRACTICE - NOT FINDINGS" if settings.PRACTICE else f"List of {routine.kind.replace('_', ' ')}",
        "publisher": settings.HOTLINE["name"],
        "drafted_at": now.isoformat(),
        "entries": body.entries,
        "tombstones": body.tombstones,
        "delta": {"added": body.added, "withdrawn": body.withdrawn},
        "body_sha256": body.sha256,
    }
