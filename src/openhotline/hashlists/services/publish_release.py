"""A drafted release that two people approved goes out, signed."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_approved
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.keys import signer
from openhotline.hashlists.events import EditionsDue, ReleasePublished
from openhotline.hashlists.models import Entry, Release, canonical
from openhotline.hashlists.models.release_file import put_in_place, write_release
from openhotline.hashlists.policies import check_keeps_lists
from openhotline.hashlists.queries import draft_path, published_version, release_path
from openhotline.hashlists.queries.versions import check_not_held
from openhotline.hashlists.states import EntryState, ListedState, ReleaseState

BATCH = 500


def publish_release(*, release_id: int, actor: Person, now: datetime) -> Release:
    """Sign exactly what was approved and write ``$VAR/releases/<version>.jsonl``. Published twice is published once.

    Raises NotAllowed, and NotApproved when a second person has not approved exactly this, when it no longer holds (an
    entry was withdrawn or changed meanwhile, a newer version is out), or when the drafted file is gone; ReleasesHeld
    after a restore.
    """
    check_keeps_lists(actor)
    release = Release.objects.get(pk=release_id)
    if release.state == ReleaseState.PUBLISHED:
        return release
    check_not_held()
    # Checked before anything is signed, and again under the lock.
    _check_newest(release)
    check_approved(approval_of(Purpose.RELEASE, release.public_id), Purpose.RELEASE, _digest(release), now)
    draft, path = draft_path(release.public_id), release_path(release.version)
    entries, tombstones = _read_draft(release, draft)
    signature = write_release(path, release.manifest, draft, signer("release.key"))
    with transaction.atomic():
        release = Release.objects.select_for_update().get(pk=release_id)
        if release.state == ReleaseState.PUBLISHED:
            return release
        _check_newest(release)
        use_approval(
            purpose=Purpose.RELEASE, subject=release.public_id, manifest_sha256=_digest(release), actor=actor, now=now
        )
        _mark(entries, tombstones, release.version)
        _mark_states(entries, release.version)
        release.state, release.signature, release.published_at = ReleaseState.PUBLISHED, signature, now
        release.save(update_fields=["state", "signature", "published_at"])
        detail = {"version": release.version, "entries": release.entries, "tombstones": release.tombstones}
        record(actor=actor.public_id, action="release_published", subject=release.public_id, now=now, detail={**detail})
        publish(ReleasePublished(ids=(release.pk,)), now=now)
        publish(EditionsDue(ids=(release.pk,)), now=now)
        # The file is in its place before the row says so; after a crash here the same bytes are written again.
        put_in_place(path)
    _clear_drafts(release.version)
    return release


def _clear_drafts(version: int) -> None:
    """Remove drafts that can never be published any more: they hold hashes in clear."""
    for name in Release.objects.filter(version__lte=version).values_list("public_id", flat=True):
        draft_path(name).unlink(missing_ok=True)


def _digest(release: Release) -> str:
    return sha256(canonical(release.manifest)).hexdigest()


def _check_newest(release: Release) -> None:
    latest = published_version()
    if latest is not None and release.version < latest:
        raise NotApproved(f"Version {latest} is out already; this is version {release.version}. Draft a new release.")


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line of the draft says of an entry beside its facts."""

    revision: int
    since: int
    disputed: bool


def _read_draft(release: Release, draft: Path) -> tuple[dict[str, _Line], list[str]]:
    """Return the entries and the tombstones in the draft, after comparing it with the manifest."""
    digest = sha256()
    entries, tombstones = dict[str, _Line](), list[str]()
    try:
        with draft.open("rb") as lines:
            for line in lines:
                digest.update(line)
                one = json.loads(line)
                if one["kind"] == "entry":
                    # Drafted before states were told, it tells none.
                    disputed = one.get("state") == ListedState.DISPUTED
                    entries[one["entry"]] = _Line(one["revision"], one["since"], disputed)
                else:
                    tombstones.append(one["entry"])
    except (OSError, ValueError, KeyError) as error:
        raise NotApproved("The drafted file is gone or damaged. Draft the release again.") from error
    if digest.hexdigest() != release.manifest["body_sha256"]:
        raise NotApproved("The drafted file is not the one that was approved. Draft the release again.")
    return entries, tombstones


def _mark(entries: dict[str, _Line], tombstones: list[str], version: int) -> None:
    names = list(entries)
    for start in range(0, len(names), BATCH):
        rows = Entry.objects.filter(public_id__in=names[start : start + BATCH])
        if rows.exclude(state=EntryState.ACTIVE).exists():
            raise NotApproved("An entry was withdrawn since this release was drafted. Draft it again without it.")
        revised = dict(rows.filter(revised_in=None, revision__gt=1).values_list("public_id", "revision"))
        if any(entries[name].revision != revision for name, revision in revised.items()):
            raise NotApproved("An entry changed since this release was drafted. Draft it again.")
        rows.filter(public_id__in=revised).update(revised_in=version)
        rows.filter(released_in=None).update(released_in=version)
    for start in range(0, len(tombstones), BATCH):
        rows = Entry.objects.filter(public_id__in=tombstones[start : start + BATCH], tombstoned_in=None)
        rows.update(tombstoned_in=version)


def _mark_states(entries: dict[str, _Line], version: int) -> None:
    """Keep what this version says of where entries stand. Whatever it says anew, its lines say since it."""
    told = set(Entry.objects.filter(told_state=ListedState.DISPUTED).values_list("public_id", flat=True))
    disputed = {name for name, line in entries.items() if line.disputed}
    if any(entries[name].since != version for name in told ^ disputed if name in entries):
        raise NotApproved("Another version said something else of an entry since this was drafted. Draft it again.")
    for names, state in (
        (disputed - told, ListedState.DISPUTED),
        (told & entries.keys() - disputed, ListedState.ACTIVE),
    ):
        changed = sorted(names)
        for start in range(0, len(changed), BATCH):
            rows = Entry.objects.filter(public_id__in=changed[start : start + BATCH])
            rows.update(told_state=state, told_in=version)
