"""The first of two people drafts a release of the list."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.ids import public_id
from openhotline.hashlists.errors import NothingToRelease
from openhotline.hashlists.models import Entry, Release, canonical
from openhotline.hashlists.models.release_file import FORMAT, Body, write_body
from openhotline.hashlists.policies import (
    NOT_DETERMINED,
    answer_in_words,
    category_in_words,
    check_exploitative_on,
    check_keeps_lists,
)
from openhotline.hashlists.queries import draft_path, entries_in_question, published_version
from openhotline.hashlists.queries.prints import prints_of, with_prints
from openhotline.hashlists.queries.versions import HASHES, check_not_held, next_version
from openhotline.hashlists.states import EntryState, ListedState, ReleaseState, Stream

CHUNK = 1000


def draft_release(*, actor: Person, now: datetime) -> Release:
    """Write all active entries and tombstones to a draft, and ask for the second signature on exactly that.

    What changed since any earlier version is told by ``since`` on each line. Raises NotAllowed, NothingToRelease
    when nothing changed since the last published version, or NotNow while entries of an exploitative list stand and
    that stream was turned off: such a list is handed back first. ReleasesHeld after a restore.
    """
    check_keeps_lists(actor)
    check_not_held()
    exploitative = Entry.objects.filter(state=EntryState.ACTIVE, given_by__isnull=False).count()
    if exploitative:
        check_exploitative_on()
    name = public_id("rel")
    version = next_version(HASHES)
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    changed: list[str] = []
    body = write_body(draft_path(name), _lines(version, changed), version)
    if not body.added and not body.withdrawn:
        draft_path(name).unlink()
        raise NothingToRelease(
            "Nothing was listed, changed or withdrawn since the last release, so there is none to draft."
        )
    manifest = _manifest(name, version, body, len(changed), now) | {Stream.EXPLOITATIVE.value: exploitative}
    digest = sha256(canonical(manifest)).hexdigest()
    with transaction.atomic():
        release = Release.objects.create(
            public_id=name,
            version=version,
            state=ReleaseState.DRAFTED,
            entries=body.entries,
            tombstones=body.tombstones,
            last_entry=last,
            manifest=manifest,
            manifest_sha256=digest,
            practice=settings.PRACTICE,
            drafted_at=now,
        )
        ask_approval(purpose=Purpose.RELEASE, subject=name, manifest_sha256=digest, actor=actor, now=now)
        record(
            actor=actor.public_id,
            action="release_drafted",
            subject=name,
            now=now,
            detail={"version": version, "entries": body.entries, "tombstones": body.tombstones},
        )
    return release


def _manifest(name: str, version: int, body: Body, changed: int, now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "release": name,
        "version": version,
        "previous": published_version(),
        "practice": settings.PRACTICE,
        "heading": "PRACTICE - NOT FINDINGS" if settings.PRACTICE else "Hash list",
        "publisher": settings.HOTLINE["name"],
        "drafted_at": now.isoformat(),
        "entries": body.entries,
        "tombstones": body.tombstones,
        "delta": {"added": body.added - changed, "changed": changed, "withdrawn": body.withdrawn},
        "body_sha256": body.sha256,
    }


def _lines(version: int, changed: list[str]) -> Iterator[dict[str, Any]]:
    # In the order of ids, so that no place tells what came when, and a reader of pages finds where it was.
    active = with_prints(Entry.objects.filter(state=EntryState.ACTIVE)).order_by("public_id")
    questioned = entries_in_question()
    for entry in active.iterator(CHUNK):
        state = ListedState.DISPUTED if entry.pk in questioned else ListedState.ACTIVE
        since = entry.since if entry.told_state == state else None
        if entry.released_in is not None and since is None:
            changed.append(entry.public_id)
        yield _entry_line(entry, state, since or version)
    gone = Entry.objects.filter(state=EntryState.WITHDRAWN, released_in__isnull=False).order_by("public_id")
    for name, since in gone.values_list("public_id", "tombstoned_in").iterator(CHUNK):
        yield {"kind": "tombstone", "entry": name, "since": since or version}


def _basis(jurisdiction: str, outcome: str, category: str, provision: str) -> dict[str, str]:
    return {
        "jurisdiction": jurisdiction,
        "outcome": outcome,
        "category": category_in_words(outcome, category),
        "provision": provision or NOT_DETERMINED,
    }


def _entry_line(entry: Entry, state: ListedState, since: int) -> dict[str, Any]:
    prints = prints_of(entry)
    own = _basis(entry.jurisdiction, entry.outcome, entry.category, entry.provision)
    return {
        "kind": "entry",
        "entry": entry.public_id,
        "since": since,
        "state": state,
        "revision": entry.revision,
        "hashes": {**prints.files, "pdq": prints.pdq or NOT_DETERMINED},
        "pdq_quality": NOT_DETERMINED if prints.quality is None else prints.quality,
        "pdq_canonical": prints.canonical or NOT_DETERMINED,
        "provenance": entry.provenance,
        "ai_involvement": entry.ai_involvement,
        "real_child": entry.real_child,
        "legal_basis": own,
        # Of a jurisdiction that is not among them nothing is said.
        "legal_bases": [*([] if entry.item is None else [own]), *(_basis(**one) for one in entry.elsewhere or ())],
        "consensus": entry.consensus,
        "sharing": entry.sharing,
        "address_live": answer_in_words(entry.address_live),
    }
