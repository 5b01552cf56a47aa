"""Write one line of the log, in the transaction of the change it speaks of."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from openhotline.audit.models import Record
from openhotline.audit.policies import check_closed
from openhotline.core.ids import digest_of, public_id
from openhotline.core.together import Together

PERSON = "per_"
"""Begins the outside id of somebody who works here."""
_at_command_line: ContextVar[bool] = ContextVar("at_command_line", default=False)


@contextmanager
def at_command_line() -> Iterator[None]:
    """While the block lasts, say of each person in the log that it was the command line which named them.

    Nobody proves there who they are: whoever may run it names whom they like.
    """
    with _named_there(said=True):
        yield


@contextmanager
def at_desk() -> Iterator[None]:
    """While the block lasts, let people act as at the desk though a command runs: for practice, which plays them."""
    with _named_there(said=False):
        yield


@contextmanager
def _named_there(*, said: bool) -> Iterator[None]:
    token = _at_command_line.set(said)
    try:
        yield
    finally:
        _at_command_line.reset(token)


def is_at_command_line() -> bool:
    """Say whether who is named now was named at the command line, and did not prove who they are."""
    return _at_command_line.get()


def record(
    *,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    ids: Sequence[int | str] = (),
    detail: dict[str, str | int | float | bool | None] | None = None,
    among: Together | None = None,
) -> Record:
    """Append who did what. ``ids`` of a batch are kept as count and digest; ``detail`` holds closed values only.

    ``among``: the line is written with these rows, by who writes them, and not before.

    Raises NotClosed, and with it undoes the change, when something that could be an address, a name or free text was
    to be written: rows are for ever. ``command_line`` is added to the detail of a person who was named there.
    """
    if is_at_command_line() and actor.startswith(PERSON):
        detail = (detail or {}) | {"command_line": True}
    check_closed({"actor": actor, "action": action, "subject": subject, **(detail or {})})
    line = Record(
        uuid=public_id("aud"),
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        count=len(ids) or 1,
        digest=digest_of(ids or [subject]),
        detail=detail or {},
    )
    if among is None:
        line.save(force_insert=True)
    else:
        among.add(line)
    return line
