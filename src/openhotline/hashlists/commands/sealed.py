"""``openhotline list release --of …``: lists that are released by the clock and sealed to members."""

from datetime import datetime, timedelta

import typer

from openhotline.accounts.models import Person
from openhotline.hashlists.models import Routine
from openhotline.hashlists.queries.sealed import drafted_routine, newest_sealed, running, sealed_folder
from openhotline.hashlists.services.begin_routine import begin_routine
from openhotline.hashlists.services.draft_routine import draft_routine
from openhotline.hashlists.services.release_sealed import release_sealed
from openhotline.hashlists.states import SealedKind


def release_of(
    kind: SealedKind, *, days: int, most_new: int, person: Person, again: bool, now: datetime
) -> Routine | None:
    """Draft a routine, or begin the one that was approved, or release what changed; return one that waits.

    Raises what the operations raise.
    """
    waiting = None if again else drafted_routine(kind, now)
    if waiting is not None:
        begun = begin_routine(routine=waiting, actor=person, now=now)
        typer.echo(f"{begun.public_id} has begun. {begun.in_words}")
    elif again or running(kind, now) is None:
        until = now + timedelta(days=days)
        return draft_routine(kind=kind, most_new=most_new, until=until, actor=person, now=now)
    out = release_sealed(kind=kind, actor=person.public_id, now=now, early=True)
    if out is not None:
        where = sealed_folder(kind) / f"{out.version}.jsonl"
        typer.echo(f"Version {out.version} is out: {out.entries} lines, {out.tombstones} withdrawn. {where}")
    elif (held := running(kind, now)) is not None and held.held_at is not None:
        typer.echo(
            f"More than {held.most_new:,} lines are new, so nothing went out. --again with --most-new asks for more."
        )
    else:
        newest = newest_sealed(kind)
        typer.echo(f"Nothing changed since version {newest.version}." if newest else "Nothing is to be released yet.")
    return None
